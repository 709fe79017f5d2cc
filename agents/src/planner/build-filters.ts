import {
  type Condition,
  type FieldRef,
  type Having,
  joinPath,
  type LeafCondition,
  type PlanMeasure,
} from '@plumbline/tools/plan'
import { boundCondition } from './bound-condition.ts'
import type { Draft } from './draft.ts'
import { mergeTimes, mergeValues } from './merge-conditions.ts'
import { valueCondition } from './resolve-value.ts'
import { timeCondition } from './time-condition.ts'
import type { Workbench } from './workbench.ts'

export interface Filters {
  values: LeafCondition[]
  /** Values that say what is in a share, as opposed to what it is a share of. */
  predicates: LeafCondition[]
  others: Condition[]
  times: Condition[]
  having: Having[]
  /** Fields that a bound spoke of: they are conditions, not columns. */
  bounded: FieldRef[]
}

/** All limits of the draft as conditions over the base. */
export function buildFilters(draft: Draft, measure: PlanMeasure | undefined, bench: Workbench): Filters {
  const values: LeafCondition[] = []
  const predicates: LeafCondition[] = []
  for (const use of draft.values) {
    const condition = valueCondition(use, bench)
    if (condition) (use.predicate ? predicates : values).push(condition)
    else draft.unknown.push(use.text)
  }
  const others: Condition[] = []
  const having: Having[] = []
  const bounded: FieldRef[] = []
  const numeric = [...draft.plain, ...draft.asked].filter(
    (mention) => mention.kind === 'ambiguity' || (mention.kind === 'dimension' && mention.dimension.kind === 'numeric'),
  )
  for (const bound of draft.bounds) {
    const near = numeric.at(-1)
    const settled = near && bound.target === undefined && bound.degrees === undefined ? bench.settle(near) : undefined
    const last = settled?.kind === 'dimension' ? settled.ref : undefined
    const result = boundCondition(bound, last, last ? undefined : measure, bench)
    if (result?.condition) {
      others.push(result.condition)
      if ('field' in result.condition) bounded.push(result.condition.field)
    } else if (result?.having) having.push(result.having)
    else draft.unknown.push(bound.text)
  }
  for (const { mention, negated, share } of draft.segments) {
    if (share || mention.kind !== 'segment') continue
    others.push({ kind: 'segment', entity: mention.entity, name: mention.name, negated, asked: mention.text })
  }
  for (const { mention, negated } of draft.related) {
    const settled = bench.settle(mention)
    if (settled.kind === 'entity' && settled.entity !== bench.base) {
      others.push({ kind: 'related', entity: settled.entity, negated, where: [], asked: settled.text })
    } else if (settled.kind === 'dimension' && settled.dimension.kind !== 'numeric')
      others.push({ kind: 'null', field: settled.ref, negated: !negated, asked: settled.text })
    else draft.unknown.push(settled.text)
  }
  const times = mergeTimes(draft.times.map((time) => timeCondition(time, bench)))
  return within(
    { values: mergeValues(values), predicates: mergeValues(predicates), others, times, having, bounded },
    bench,
  )
}

function entitiesOf(condition: Condition): string[] {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.items.flatMap(entitiesOf)
  if (condition.kind === 'segment' || condition.kind === 'related') return [condition.entity]
  return condition.kind === 'fields' ? [condition.left.entity] : [condition.field.entity]
}

/** "customers without orders in May": what can only be said of the orders limits which orders are missing. */
function within(filters: Filters, bench: Workbench): Filters {
  const related = filters.others.find((condition) => condition.kind === 'related')
  if (related?.kind !== 'related') return filters
  const single = (from: string, to: string) => joinPath(bench.model, from, to, { single: true }) !== undefined
  const belongs = (condition: Condition) =>
    condition.kind !== 'related' &&
    entitiesOf(condition).every((entity) => single(related.entity, entity) && !single(bench.base, entity))
  const where = [...filters.values, ...filters.others, ...filters.times].filter(belongs)
  const others = filters.others.filter((condition) => !belongs(condition))
  return {
    ...filters,
    values: filters.values.filter((condition) => !belongs(condition)),
    others: others.map((condition) => (condition === related ? { ...related, where } : condition)),
    times: filters.times.filter((condition) => !belongs(condition)),
  }
}
