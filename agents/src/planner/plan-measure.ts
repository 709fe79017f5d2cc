import type { FieldRef, PlanAggregate, PlanMeasure } from '@plumbline/tools/plan'
import type { DraftMeasure, Mention } from './draft.ts'
import type { Workbench } from './workbench.ts'

/** What a field means as a number when no aggregate is said. */
export function defaultMeasure(field: FieldRef, bench: Workbench, fn?: PlanAggregate): PlanMeasure {
  const dimension = bench.dimension(field)
  const chosen = fn ?? dimension?.aggregate ?? 'avg'
  if (fn === undefined) {
    const words = {
      avg: 'average',
      sum: 'total',
      min: 'lowest',
      max: 'highest',
      median: 'median',
      count_distinct: 'number of different',
    }
    bench.assumptions.add(
      `“${dimension?.label ?? field.field}” is read as the ${words[chosen]} ${dimension?.label ?? field.field}.`,
    )
  }
  return { kind: 'aggregate', fn: chosen, field }
}

/** A measure named outright; a plain count stays a count, so that joins can keep it right. */
function namedMeasure(entity: string, name: string, bench: Workbench): PlanMeasure {
  const measure = bench.entity(entity)?.measures.find((one) => one.name === name)
  const bare =
    measure?.aggregate === 'count' &&
    [measure.filter, measure.column, measure.expression].every((part) => part === undefined)
  return bare ? { kind: 'count', entity } : { kind: 'measure', entity, name }
}

/** A thing of the model as a number. `fn` is the aggregate that was said, if any. */
export function measureOf(mention: Mention, bench: Workbench, fn?: PlanAggregate, counted = false): PlanMeasure {
  const settled = bench.settle(mention)
  switch (settled.kind) {
    case 'measure':
      return namedMeasure(settled.entity, settled.name, bench)
    case 'entity':
      return { kind: 'count', entity: settled.entity }
    case 'segment':
      return {
        kind: 'count',
        entity: settled.entity,
        where: [{ kind: 'segment', entity: settled.entity, name: settled.name, negated: false, asked: settled.text }],
      }
    case 'dimension': {
      const field = { ...settled.ref, ...bench.roleOf(settled.ref.entity, settled.text) }
      const numeric = settled.dimension.kind === 'numeric'
      if (counted && !numeric) return { kind: 'aggregate', fn: 'count_distinct', field }
      if (fn === 'min' || fn === 'max') return { kind: 'aggregate', fn, field }
      if (!numeric) return { kind: 'aggregate', fn: 'count_distinct', field }
      return defaultMeasure(field, bench, counted && fn === undefined ? 'sum' : fn)
    }
    default:
      throw bench.refuse(`“${settled.text}” is not a number that could be computed.`)
  }
}

const NESTABLE = new Set(['avg', 'min', 'max', 'median', 'sum'])

/** A draft measure as a measure of the plan; `per` is set when it is an aggregate over groups: "average orders per day". */
export function planMeasure(draft: DraftMeasure, bench: Workbench): { measure: PlanMeasure; perGroup?: PlanAggregate } {
  if (draft.kind === 'named') return { measure: measureOf(draft.target, bench) }
  if (draft.kind === 'count') return { measure: measureOf(draft.target, bench, undefined, true) }
  const settled = bench.settle(draft.target)
  const numeric = settled.kind === 'dimension' && settled.dimension.kind === 'numeric'
  if (numeric) return { measure: measureOf(settled, bench, draft.fn) }
  // "highest date", "lowest name": extremes need no number.
  const ordered = settled.kind === 'dimension' && (draft.fn === 'min' || draft.fn === 'max') && !draft.counted
  if (ordered) return { measure: measureOf(settled, bench, draft.fn) }
  const measure = measureOf(settled, bench, undefined, true)
  if (settled.kind === 'measure' && measure.kind === 'measure') return { measure }
  // "total number of orders" is the number of orders.
  if (draft.fn === 'sum' || !NESTABLE.has(draft.fn)) return { measure }
  return { measure, perGroup: draft.fn }
}

/** Whether the worst is the lowest or the highest. */
export function betterOf(measure: PlanMeasure, bench: Workbench): 'low' | 'high' | undefined {
  if (measure.kind === 'measure')
    return bench.entity(measure.entity)?.measures.find((one) => one.name === measure.name)?.better
  return measure.kind === 'aggregate' ? bench.dimension(measure.field)?.better : undefined
}
