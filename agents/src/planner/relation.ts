import type { FieldRef, PlanMeasure, QueryPlan } from '@plumbline/tools/plan'
import type { Filters } from './build-filters.ts'
import type { Draft } from './draft.ts'
import { isNumeric } from './mention.ts'
import { planMeasure } from './plan-measure.ts'
import type { Workbench } from './workbench.ts'

/** "how does X relate to Y": the average of Y for each (rounded) X, and how many rows each stands on. */
export function relation(draft: Draft, filters: Filters, bench: Workbench): QueryPlan | undefined {
  const named = [...draft.asked, ...draft.plain, ...draft.groups]
  const numbers: { field?: FieldRef; measure: PlanMeasure }[] = draft.measures.map((one) => {
    const { measure } = planMeasure(one, bench)
    return measure.kind === 'aggregate' ? { field: measure.field, measure } : { measure }
  })
  for (const mention of named.filter(isNumeric)) {
    const settled = bench.settle(mention)
    if (settled.kind === 'dimension')
      numbers.push({ field: settled.ref, measure: { kind: 'aggregate', fn: 'avg', field: settled.ref } })
  }
  if (draft.reversed && numbers.length > 1) numbers.reverse()
  // "how does X affect Y" keeps the order in which they were said; measures were read apart from plain fields.
  const grouping = named.find(
    (mention) =>
      !isNumeric(mention) && mention.kind !== 'measure' && mention.kind !== 'entity' && mention.kind !== 'segment',
  )
  const [first, second] = numbers
  if (!first) return undefined
  const base = bench.base
  const common = {
    base,
    columns: [],
    distinct: false,
    filters: [...filters.values, ...filters.others, ...filters.times],
    having: [],
  }
  if (second?.field === undefined && first.field !== undefined && second !== undefined) {
    const { field } = first
    return {
      ...common,
      measures: [second.measure],
      dimensions: [{ field, bin: 1, byKey: false }],
      sort: [{ by: { dimension: 0 }, direction: 'asc' }],
    }
  }
  if (draft.correlation && first.field && second?.field) {
    const measure: PlanMeasure = { kind: 'correlation', x: first.field, y: second.field }
    return { ...common, measures: [measure], dimensions: [], sort: [] }
  }
  if (first.field && second?.field) {
    const [x, y] =
      draft.measures.length > 0 && numbers.length > draft.measures.length
        ? [second.field, first]
        : [first.field, second]
    const measures: PlanMeasure[] = [y.measure, { kind: 'count', entity: y.field?.entity ?? base }]
    bench.assumptions.add('Both are shown as the average per rounded value, with the number of rows behind each.')
    return {
      ...common,
      measures,
      dimensions: [{ field: x, bin: 1, byKey: false }],
      sort: [{ by: { dimension: 0 }, direction: 'asc' }],
    }
  }
  if (!grouping) return undefined
  return { ...common, measures: [first.measure], dimensions: [bench.asDimension(grouping)], sort: [] }
}
