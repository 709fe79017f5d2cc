import type { Condition, FieldRef, Having, LeafCondition, PlanMeasure } from '@plumbline/tools/plan'
import { boundCondition } from './bound-condition.ts'
import type { Draft } from './draft.ts'
import { mergeTimes, mergeValues } from './merge-conditions.ts'
import { valueCondition } from './resolve-value.ts'
import { timeCondition } from './time-condition.ts'
import type { Workbench } from './workbench.ts'

export interface Filters {
  values: LeafCondition[]
  others: Condition[]
  times: Condition[]
  having: Having[]
  /** Fields that a bound spoke of: they are conditions, not columns. */
  bounded: FieldRef[]
}

/** All limits of the draft as conditions over the base. */
export function buildFilters(draft: Draft, measure: PlanMeasure | undefined, bench: Workbench): Filters {
  const values: LeafCondition[] = []
  for (const use of draft.values) {
    const condition = valueCondition(use, bench)
    if (condition) values.push(condition)
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
    } else if (settled.kind === 'dimension')
      others.push({ kind: 'null', field: settled.ref, negated: !negated, asked: settled.text })
    else draft.unknown.push(settled.text)
  }
  return {
    values: mergeValues(values),
    others,
    times: mergeTimes(draft.times.map((time) => timeCondition(time, bench))),
    having,
    bounded,
  }
}
