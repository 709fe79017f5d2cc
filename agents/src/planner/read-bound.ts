import { chooseTarget } from './choose-target.ts'
import type { Bound } from './draft.ts'
import type { Span } from './link.ts'
import { isNumeric, unitWord } from './mention.ts'
import type { ReaderState } from './reader-state.ts'

export function readNumber(state: ReaderState, span: Span & { type: 'number' }, at: number): void {
  const { draft, pending } = state
  const { superlative } = draft
  const comparator = pending.comparator
  if (comparator) {
    if (comparator.op === 'between') {
      const upper = state.spans[at + 2]
      if (state.cursor.role(at + 1)?.tag === 'and' && upper?.type === 'number') {
        draft.bounds.push({
          ...boundBase(state, span.value, span.percent),
          upper: upper.value,
          ...boundTarget(state, at + 2),
        })
      }
      return
    }
    draft.bounds.push({
      ...boundBase(state, span.value, span.percent),
      ...degreesOfPending(state),
      ...boundTarget(state, at),
    })
    pending.comparator = undefined
    return
  }
  const previous = draft.bounds.at(-1)
  if (previous?.upper === span.value) {
    pending.comparator = undefined
    return
  }
  if (superlative && superlative.n === undefined && !superlative.target && !superlative.group) {
    superlative.n = span.value
    return
  }
  const following = state.spans[at + 1]
  const tag = state.cursor.role(at + 1)?.tag
  if (tag === 'superlative' || following?.type === 'degree') {
    pending.number = span.value
    return
  }
  if (tag === 'tail-comparator') {
    draft.bounds.push({ ...boundBase(state, span.value, span.percent), ...boundTarget(state, at) })
    return
  }
  // "which 3 months", "show 10 products"
  if (pending.ask && (following?.type === 'schema' || tag === 'grain' || tag === 'part')) {
    const named =
      following?.type === 'schema' ? chooseTarget(following, 'group', state.mentioned, state.model) : undefined
    if (named === undefined || !isNumeric(named)) {
      draft.limit = span.value
      return
    }
  }
  const before = state.spans[at - 1]
  if (
    before?.type === 'schema' ||
    (state.cursor.role(at - 1)?.tag === 'filler' && state.spans[at - 2]?.type === 'schema')
  ) {
    if (state.last && (state.last.kind === 'dimension' || isNumeric(state.last))) {
      draft.bounds.push({ ...boundBase(state, span.value, span.percent), target: state.last })
      return
    }
  }
  const target = boundTarget(state, at)
  if (target.target || target.unit) {
    const listing = state.cursor.role(at - 1)?.tag === 'list'
    if (listing && target.target?.kind === 'entity') draft.limit = span.value
    else draft.bounds.push({ ...boundBase(state, span.value, span.percent), ...target })
    return
  }
  if (draft.follow.has('only') || state.cursor.role(at - 1)?.tag === 'list') draft.limit = span.value
  else draft.unknown.push(span.text)
}

export function boundBase(state: ReaderState, value: number, percent: boolean): Bound {
  const op = state.pending.comparator?.op ?? '='
  return {
    op: op === 'between' ? '>=' : op,
    value,
    percent,
    text: `${state.pending.comparator?.text ?? ''} ${value}`.trim(),
  }
}

/** What stands after a number: "10 orders", "2000 miles", "3 engines". */
function boundTarget(state: ReaderState, at: number): Pick<Bound, 'target' | 'unit'> {
  const next = state.spans[at + 1]
  const unit = next ? unitWord(next.text) : undefined
  if (unit !== undefined) return { unit }
  if (next?.type !== 'schema') return {}
  const target = chooseTarget(next, 'count', state.mentioned, state.model)
  return target ? { target } : {}
}

export function degreesOfPending(state: ReaderState): { degrees?: NonNullable<Bound['degrees']> } {
  const degrees = state.pending.comparator?.degrees
  return degrees === undefined ? {} : { degrees }
}

/** "built before 1990": a year that a numeric field holds is a number and no time of the rows. */
export function yearBound(state: ReaderState, span: Span & { type: 'time' }): boolean {
  const { last } = state
  const { meaning } = span
  if (last?.kind !== 'dimension' || last.dimension.kind !== 'numeric' || last.dimension.format !== 'year') return false
  if (
    meaning.kind !== 'range' ||
    !/\d{4}/.test(meaning.label) ||
    !/^(\d{4}-01-01)?(\d{4}-01-01)?$/.test(`${meaning.from ?? ''}${meaning.to ?? ''}`)
  )
    return false
  const bound = { percent: false, text: span.text, target: last }
  if (state.draft.groups.at(-1) === last) state.draft.groups.pop()
  const [first, next] = [Number(meaning.from?.slice(0, 4)), Number(meaning.to?.slice(0, 4))]
  if (next === first + 1) {
    state.draft.bounds.push({ ...bound, op: '=', value: first })
    return true
  }
  if (meaning.from !== undefined)
    state.draft.bounds.push({ ...bound, op: '>=', value: Number(meaning.from.slice(0, 4)) })
  if (meaning.to !== undefined) state.draft.bounds.push({ ...bound, op: '<', value: Number(meaning.to.slice(0, 4)) })
  return true
}
