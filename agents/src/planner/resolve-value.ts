import { type FieldRef, joinPath, type LeafCondition } from '@plumbline/tools/plan'
import type { ValueUse } from './draft.ts'
import { Stop } from './stop.ts'
import { sameField, type ValueMatch } from './value-index.ts'
import type { Workbench } from './workbench.ts'

interface Candidate {
  ref: FieldRef
  matches: ValueMatch[]
  points: number
  count: number
}

/** One value is so rare beside the other that the common one is meant: one flight TO a city of a hundred thousand FROM it. */
const RARE = 20

function cued(use: ValueUse, cues: readonly string[]): boolean {
  const words = use.cues
  const [last = '', before = ''] = [words.at(-1), words.at(-2)]
  return cues.some(
    (cue) => cue === last || cue === `${before} ${last}` || (cue === before && ['the', 'a', 'in'].includes(last)),
  )
}

/** Fields of the base whose own lead words stand right before the value. */
function cuedFields(use: ValueUse, bench: Workbench): FieldRef[] {
  const entity = bench.entity(bench.base)
  return (entity?.dimensions ?? [])
    .filter((dimension) => !dimension.private && cued(use, dimension.cues))
    .map((dimension) => ({ entity: bench.base, field: dimension.name }))
}

function points(ref: FieldRef, matches: ValueMatch[], use: ValueUse, bench: Workbench): number {
  const path = joinPath(bench.model, bench.base, ref.entity)
  if (!path) return -10
  let sum = -0.3 * path.length
  if (ref.entity === bench.base) sum += 1.5
  for (const mention of use.beside) {
    if (mention.kind === 'dimension' && (sameField(mention.ref, ref) || bench.sameMeaning(mention.ref, ref))) sum += 4
    if (mention.kind === 'entity' && mention.entity === ref.entity) sum += 2
  }
  const entity = bench.entity(ref.entity)
  if (entity?.labelDimension === ref.field) sum += 0.3
  if (matches.some((match) => match.how !== 'similar')) sum += 2
  return sum
}

function candidates(use: ValueUse, bench: Workbench): Candidate[] {
  const byField = new Map<string, ValueMatch[]>()
  for (const match of use.matches) {
    const key = `${match.ref.entity}.${match.ref.field}`
    byField.set(key, [...(byField.get(key) ?? []), match])
  }
  return [...byField.values()]
    .flatMap((matches) => {
      const ref = matches[0]?.ref
      if (!ref) return []
      const count = matches.reduce((sum, match) => sum + match.count, 0)
      return [{ ref, matches, points: points(ref, matches, use, bench), count }]
    })
    .sort((a, b) => b.points - a.points)
}

function choose(use: ValueUse, found: Candidate[], bench: Workbench): Candidate | undefined {
  const [best] = found
  if (!best) return undefined
  const rivals = found.filter(
    (one) => one !== best && one.points > best.points - 0.4 && !bench.sameMeaning(one.ref, best.ref),
  )
  const common = [best, ...rivals].sort((a, b) => b.count - a.count)
  const [first, second] = common
  if (!first || !second || first.count >= second.count * RARE) return first ?? best
  const key = `value:${use.text.toLowerCase()}`
  const id = (one: Candidate) => `${one.ref.entity}.${one.ref.field}`
  const chosen = common.find((one) => id(one) === bench.choice(key))
  if (chosen) {
    bench.assumptions.add(`“${use.text}” is read as ${bench.dimension(chosen.ref)?.label ?? ''}, as you chose.`)
    return { ...chosen, points: Number.POSITIVE_INFINITY }
  }
  throw new Stop({
    kind: 'clarify',
    key,
    prompt: `“${use.text}” is found in several fields. Which do you mean?`,
    choices: common.slice(0, 6).map((one) => ({
      id: id(one),
      label: `${bench.dimension(one.ref)?.label ?? one.ref.field} (${bench.title(one.ref.entity)})`,
    })),
  })
}

function absent(use: ValueUse, ref: FieldRef, bench: Workbench): Stop {
  const label = bench.dimension(ref)?.label ?? ref.field
  const some = bench.values.examples(ref, 3).map(String)
  return bench.refuse(
    `“${use.text}” is not among the values of ${label} in this data; it has ${some.join(', ')}${some.length === 3 ? ' and others' : ''}.`,
  )
}

/** The condition that a value of the question stands for, or undefined when it is no value of the data. */
export function valueCondition(use: ValueUse, bench: Workbench): LeafCondition | undefined {
  const lead = cuedFields(use, bench)
  const all = candidates(use, bench)
  const fits = lead.length === 0 ? [] : all.filter((one) => lead.some((ref) => sameField(ref, one.ref)))
  if (lead.length > 0 && fits.length === 0) {
    const joinable = all.filter(
      (one) => one.ref.entity !== bench.base && one.matches.some((match) => match.how !== 'similar'),
    )
    const sibling = all.some((one) => one.ref.entity === bench.base && bench.dimension(one.ref)?.cues.length !== 0)
    const [only] = lead
    if (only && bench.values.covers(only) && (sibling || joinable.length === 0)) throw absent(use, only, bench)
  }
  const chosen = choose(use, fits.length > 0 ? fits : all.filter((one) => one.points > -5), bench)
  if (!chosen) {
    if (!use.literal) return undefined
    const beside = use.beside.find((mention) => mention.kind === 'dimension' && mention.dimension.type === 'string')
    if (beside?.kind !== 'dimension') return undefined
    return {
      kind: 'in',
      field: beside.ref,
      values: [use.text],
      negated: use.negated,
      asked: use.text,
      matchedBy: 'exact',
    }
  }
  const sure = chosen.matches.filter((match) => match.how !== 'similar')
  const used = sure.length > 0 ? sure : chosen.matches
  const values = used.map((match) => match.value)
  const how = chosen.points === Number.POSITIVE_INFINITY ? ('choice' as const) : (used[0]?.how ?? 'exact')
  if (how === 'similar') bench.assumptions.add(`“${use.text}” is read as ${values.map(String).join(', ')}.`)
  const via = bench.roleOf(chosen.ref.entity, [...use.cues.slice(-1), use.text].join(' '))
  return {
    kind: 'in',
    field: { ...chosen.ref, ...via },
    values,
    negated: use.negated,
    ...(values.length === 1 && values[0] === use.text ? {} : { asked: use.text }),
    matchedBy: how,
  }
}
