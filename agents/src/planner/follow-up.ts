import type { Condition, FieldRef, LeafCondition, PlanDimension, QueryPlan } from '@plumbline/tools/plan'
import { buildFilters } from './build-filters.ts'
import type { Draft } from './draft.ts'
import type { Token } from './lexer.ts'
import { isNumeric } from './mention.ts'
import { conditionField } from './merge-conditions.ts'
import { defaultMeasure, planMeasure } from './plan-measure.ts'
import type { Workbench } from './workbench.ts'

const OPENERS = new Set([
  'and',
  'only',
  'just',
  'now',
  'instead',
  'but',
  'same',
  'by',
  'in',
  'for',
  'per',
  'also',
  'as',
  'without',
  'on',
  'from',
  'to',
  'excluding',
  'except',
  'not',
  'then',
  'ok',
  'okay',
  'at',
  'break',
  'sort',
  'top',
  'limit',
  'those',
  'these',
  'them',
  'it',
])

/** Whether a question changes the one before rather than standing on its own. */
export function isFollowUp(tokens: readonly Token[], draft: Draft): boolean {
  const first = tokens[0]?.lower ?? ''
  if (draft.follow.has('about') || draft.follow.has('instead')) return true
  // A ranking that says what is ranked, or a number with its grouping, is a whole question.
  if (draft.superlative?.group || draft.superlative?.target) return false
  const named = [...draft.plain, ...draft.asked]
  const whole = draft.groups.length > 0 && named.some(isNumeric) && !OPENERS.has(first)
  const subject =
    whole ||
    draft.measures.length > 0 ||
    draft.counts ||
    draft.asked.length > 0 ||
    draft.plain.some((mention) => mention.kind === 'entity' || mention.kind === 'measure')
  if (OPENERS.has(first) && !(subject && draft.measures.length > 0 && tokens.length > 6)) return true
  return !subject && tokens.length <= 8
}

function sameTime(a: Condition): boolean {
  return a.kind === 'time' || a.kind === 'part' || (a.kind === 'or' && a.items.every(sameTime))
}

const same = (a: FieldRef | undefined, b: FieldRef | undefined) =>
  a !== undefined && b !== undefined && a.entity === b.entity && a.field === b.field

function marked(condition: LeafCondition): LeafCondition {
  return condition.matchedBy === 'exact' || condition.matchedBy === undefined
    ? { ...condition, matchedBy: 'follow-up' }
    : condition
}

function replaceFilters(plan: QueryPlan, draft: Draft, bench: Workbench): Pick<QueryPlan, 'filters' | 'having'> {
  const added = buildFilters(draft, undefined, bench)
  let kept = plan.filters
  // Another value of a field takes the place of the old one; a negated value narrows it.
  for (const value of added.values) {
    if ('negated' in value && value.negated) continue
    kept = kept.filter(
      (condition) =>
        !same(conditionField(condition), conditionField(value)) &&
        !bench.sameMeaning(
          conditionField(condition) ?? { entity: '', field: '' },
          conditionField(value) ?? { entity: '', field: '' },
        ),
    )
  }
  if (added.times.length > 0) {
    const whole = added.times.some((condition) => condition.kind === 'time' || condition.kind === 'or')
    kept = kept.filter(
      (condition) =>
        !sameTime(condition) ||
        (condition.kind === 'part'
          ? added.times.every((time) => time.kind !== 'part' || time.part !== condition.part)
          : !whole),
    )
  }
  return {
    filters: [...kept, ...added.values.map(marked), ...added.others, ...added.times],
    having: [...plan.having, ...added.having],
  }
}

function isTimed(dimension: PlanDimension): boolean {
  return dimension.grain !== undefined || dimension.part !== undefined
}

function replaceGroups(
  plan: QueryPlan,
  groups: PlanDimension[],
  draft: Draft,
  tokens: readonly Token[],
): PlanDimension[] {
  const adds =
    tokens.some((token) => ['also', 'too', 'additionally'].includes(token.lower)) && !draft.follow.has('instead')
  if (adds) return [...plan.dimensions, ...groups]
  const timed = groups.every(isTimed)
  const others = plan.dimensions.filter((dimension) => !isTimed(dimension))
  // "by month instead" changes the grain of a time that is there; else the new grouping stands alone.
  return timed && plan.dimensions.some(isTimed) ? [...others, ...groups] : groups
}

/** The plan of the turn before with what this turn says changed, and the rest kept. */
export function followUpPlan(previous: QueryPlan, draft: Draft, tokens: readonly Token[], bench: Workbench): QueryPlan {
  bench.base = previous.base
  const { filters, having } = replaceFilters(previous, draft, bench)
  let plan: QueryPlan = { ...previous, filters, having }
  let changes =
    draft.values.length + draft.times.length + draft.bounds.length + draft.segments.length + draft.related.length
  const measures = draft.measures.map((one) => planMeasure(one, bench).measure)
  for (const mention of [...draft.plain, ...draft.asked]) {
    const settled = mention.kind === 'ambiguity' || mention.kind === 'dimension' ? bench.settle(mention) : mention
    if (settled.kind === 'dimension' && settled.dimension.kind === 'numeric')
      measures.push(defaultMeasure(settled.ref, bench, firstAggregate(previous)))
  }
  const noted = draft.notes.find((note) => note.startsWith('aggregate:'))?.slice('aggregate:'.length)
  const [old] = previous.measures
  if (noted !== undefined && measures.length === 0 && old?.kind === 'aggregate') {
    measures.push({ ...old, fn: noted as typeof old.fn })
  }
  if (measures.length > 0) {
    plan = { ...plan, measures, columns: [] }
    changes += 1
  }
  const wanted = [
    ...draft.groups,
    ...draft.plain.filter((mention) => mention.kind === 'grain' || mention.kind === 'part'),
  ]
  if (wanted.length > 0) {
    const dimensions = replaceGroups(
      plan,
      wanted.map((mention) => bench.asDimension(mention)),
      draft,
      tokens,
    )
    const kept = previous.limit === undefined ? [] : plan.sort
    plan = { ...plan, dimensions, sort: kept.filter(({ by }) => 'measure' in by) }
    changes += 1
  }
  if (draft.share && old) {
    plan = { ...plan, measures: [old.kind === 'share-of-total' ? old : { kind: 'share-of-total', of: old }] }
    changes += 1
  }
  const n = draft.superlative?.n ?? draft.limit
  if (draft.superlative || n !== undefined) {
    const direction = draft.superlative?.direction === 'asc' ? ('asc' as const) : ('desc' as const)
    const keep = plan.sort.length > 0 && draft.superlative?.direction === 'desc'
    plan = { ...plan, sort: keep ? plan.sort : [{ by: { measure: 0 }, direction }], limit: n ?? 1 }
    changes += 1
  }
  const turn = draft.notes.find((note) => note.startsWith('direction:'))
  if (turn !== undefined) {
    plan = {
      ...plan,
      sort: [{ by: plan.sort[0]?.by ?? { measure: 0 }, direction: turn.endsWith('desc') ? 'desc' : 'asc' }],
    }
    changes += 1
  }
  if (changes === 0) draft.unknown.push(tokens.map((token) => token.text).join(' '))
  return plan
}

function firstAggregate(plan: QueryPlan) {
  const [measure] = plan.measures
  return measure?.kind === 'aggregate'
    ? measure.fn
    : measure?.kind === 'measure' && /^(avg|average|mean)/.test(measure.name)
      ? ('avg' as const)
      : undefined
}
