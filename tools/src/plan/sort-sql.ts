import type { PlanMeasure, PlanSort, QueryPlan } from './query-plan.ts'
import type { CompileContext } from './scope.ts'

const countsRows = (measure: PlanMeasure | undefined) => measure?.kind === 'count'

function runsInOrder(plan: QueryPlan, at: number, context: CompileContext): boolean {
  const dimension = plan.dimensions[at]
  if (!dimension) return false
  if (dimension.grain !== undefined || dimension.part !== undefined || dimension.bin !== undefined) return true
  return context.index.dimension(dimension.field).kind === 'time'
}

/** Time runs forward, categories by size: what a reader expects when the question asks for no order. */
function defaultSort(plan: QueryPlan, context: CompileContext): PlanSort[] {
  const timed = plan.dimensions.findIndex((_, at) => runsInOrder(plan, at, context))
  if (timed >= 0) return [{ by: { dimension: timed }, direction: 'asc' }]
  return plan.dimensions.length > 0 ? [{ by: { measure: 0 }, direction: 'desc' }] : []
}

/** `ORDER BY` of a grouped plan over its output names; `orders` replaces a name by an expression. */
export function groupedOrder(
  plan: QueryPlan,
  names: { dimensions: string[]; measures: string[] },
  orders: (string | undefined)[],
  context: CompileContext,
): string {
  const sorts = plan.sort.length > 0 ? plan.sort : defaultSort(plan, context)
  const { dialect } = context
  const terms = new Map<string, string>()
  for (const { by, direction } of sorts) {
    if ('measure' in by) {
      const name = names.measures[by.measure]
      if (name === undefined) continue
      const nulls = countsRows(plan.measures[by.measure]) ? '' : ' NULLS LAST'
      terms.set(name, `${dialect.identifier(name)}${direction === 'desc' ? ' DESC' : ''}${nulls}`)
      continue
    }
    const at =
      'dimension' in by
        ? by.dimension
        : plan.dimensions.findIndex(({ field }) => field.entity === by.field.entity && field.field === by.field.field)
    const name = names.dimensions[at]
    if (name !== undefined)
      terms.set(name, `${orders[at] ?? dialect.identifier(name)}${direction === 'desc' ? ' DESC' : ''}`)
  }
  // Equal sizes come in a fixed order, so that the same question gives the same rows.
  names.dimensions.forEach((name, at) => {
    if (!terms.has(name)) terms.set(name, orders[at] ?? dialect.identifier(name))
  })
  return terms.size === 0 ? '' : `\nORDER BY ${[...terms.values()].join(', ')}`
}
