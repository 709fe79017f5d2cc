import type { Mention } from './draft.ts'
import type { Role } from './function-words.ts'
import type { Span } from './link.ts'
import { isNumeric } from './mention.ts'
import { NEGATION, type ReaderState } from './reader-state.ts'

export function readSuperlative(
  state: ReaderState,
  span: Span & { type: 'role' },
  role: Extract<Role, { tag: 'superlative' }>,
): void {
  const { draft, pending } = state
  const existing = draft.superlative
  // "top 5 products with the highest price": the second says what the first ranks by.
  if (existing && existing.wants === 'group' && !existing.target) {
    existing.direction = role.direction
    existing.wants = 'degree'
    existing.degrees = span.degrees
    return
  }
  if (existing) {
    draft.unknown.push(span.text)
    return
  }
  draft.superlative = {
    direction: role.direction,
    wants: role.wants,
    degrees: span.degrees,
    ...howMany(state),
  }
  const asked = draft.asked.at(-1)
  const owner = ownerBeforeWith(state, span)
  if (owner && role.wants === 'degree') draft.superlative.group = owner
  else if (asked && (role.wants === 'degree' || role.wants === 'frequent')) draft.superlative.group = asked
  pending.number = undefined
}

/** "the top 5", and "which 5 … have the longest": the number before the ranking word, or before what is asked for. */
function howMany({ draft, pending }: ReaderState): { n?: number } {
  const n = pending.number ?? draft.limit
  return n === undefined ? {} : { n }
}

/** "teachers with the lowest salary": the entity before "with". */
function ownerBeforeWith(state: ReaderState, span: Span): Mention | undefined {
  const owner = state.cursor.afterHaving(span) ? state.draft.plain.at(-1) : undefined
  return owner?.kind === 'entity' ? owner : undefined
}

export function readDegree(state: ReaderState, span: Span & { type: 'degree' }): void {
  const { draft, pending } = state
  const [first] = span.degrees
  if (!first) return
  if (span.form === 'er') {
    const op = first.direction === 'desc' ? '>' : '<'
    const said = pending.negated ? NEGATION[op] : op
    pending.comparator = { op: said, text: span.text, degrees: span.degrees }
    pending.negated = false
    return
  }
  if (draft.superlative && draft.superlative.wants === 'group' && !draft.superlative.target) {
    draft.superlative = {
      ...draft.superlative,
      wants: 'adjective',
      degrees: span.degrees,
      direction: first.direction,
    }
    return
  }
  if (draft.superlative) {
    draft.unknown.push(span.text)
    return
  }
  draft.superlative = {
    direction: first.direction,
    wants: 'adjective',
    degrees: span.degrees,
    ...howMany(state),
  }
  const asked = ownerBeforeWith(state, span) ?? draft.asked.at(-1)
  if (asked && asked.kind !== 'dimension') draft.superlative.group = asked
  pending.number = undefined
}

/** Gives a mention to the superlative, if it is what that waits for. */
export function takeRanked(state: ReaderState, mention: Mention): boolean {
  const { pending, draft } = state
  const superlative = draft.superlative
  if (!superlative || superlative.target) return false
  const numeric = isNumeric(mention)
  const take = () => {
    superlative.target = mention
    superlative.counted = pending.count
    const [fn] = pending.aggregates
    if (fn !== undefined) superlative.aggregate = fn
    pending.count = false
    pending.aggregates = []
    pending.group = false
    return true
  }
  if (superlative.wants === 'degree' && !pending.group) {
    if (mention.verbal) return false
    if (mention.kind === 'grain' || mention.kind === 'part') return false
    // "the largest plane": the adjective says by what, the noun says which rows.
    if (
      mention.kind === 'entity' &&
      !pending.count &&
      superlative.degrees.some((degree) => degree.ref.entity === mention.entity)
    ) {
      superlative.wants = 'adjective'
      superlative.group = mention
      return true
    }
    return take()
  }
  // "the longest delay": the noun itself says what is long.
  if (superlative.wants === 'adjective' && numeric && !pending.group) {
    superlative.wants = 'degree'
    return take()
  }
  if (superlative.wants === 'group') {
    if (!superlative.group && !numeric) {
      superlative.group = mention
      return true
    }
    if (superlative.group && pending.group && (numeric || pending.count || mention.kind === 'entity')) return take()
    if (superlative.group && pending.group) {
      superlative.perGroup = true
      return false
    }
    if (!superlative.group && numeric) return take()
    return false
  }
  if (!superlative.group && !pending.group) {
    superlative.group = mention
    return true
  }
  return false
}
