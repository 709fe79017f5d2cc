import type { SemanticModel } from '@plumbline/tools/semantic'
import { entityOf } from './choose-target.ts'
import type { Mention } from './draft.ts'
import { functionWord } from './function-words.ts'

/** Whether a mention can be computed with. */
export function isNumeric(mention: Mention | undefined): boolean {
  if (!mention) return false
  return (
    mention.kind === 'measure' ||
    mention.kind === 'ambiguity' ||
    (mention.kind === 'dimension' && mention.dimension.kind === 'numeric')
  )
}

/** "destination airport time zone": a key, then a field of what the key points at. */
export function throughKey(
  key: Mention,
  field: Extract<Mention, { kind: 'dimension' }>,
  model: SemanticModel,
): Mention | undefined {
  if (key.kind !== 'dimension') return undefined
  const column = key.dimension.column ?? key.ref.field
  const join = model.joins.find(
    (one) => one.from === key.ref.entity && one.to === field.ref.entity && one.on[0]?.from === column,
  )
  return join ? { ...field, ref: { ...field.ref, via: join.name }, text: `${key.text} ${field.text}` } : undefined
}

/** The unit a word after a number stands for: "2 hours", "2000 miles", "5 years". */
export function unitWord(text: string): string | undefined {
  const role = functionWord(text.toLowerCase())
  if (role?.tag === 'unit') return role.unit
  if (role?.tag === 'part' && role.part === 'hour') return 'h'
  return role?.tag === 'grain' ? role.grain : undefined
}

export function mentionEntity(mention: Mention): string | undefined {
  return mention.kind === 'grain' || mention.kind === 'part' ? undefined : entityOf(mention)
}
