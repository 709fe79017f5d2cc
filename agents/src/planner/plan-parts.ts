import type { PlanDimension, PlanMeasure, QueryPlan } from '@plumbline/tools/plan'
import type { Filters } from './build-filters.ts'
import type { Draft } from './draft.ts'
import { sameField } from './value-index.ts'
import type { Workbench } from './workbench.ts'

/** A plan in the making, as the steps that fill it share it. */
export interface PlanParts {
  readonly draft: Draft
  readonly bench: Workbench
  readonly measures: PlanMeasure[]
  readonly dimensions: PlanDimension[]
  readonly sort: QueryPlan['sort']
  limit: number | undefined
  perGroup: QueryPlan['perGroup']
  /** The plan with what is known so far. */
  base(filters: Filters): QueryPlan
}

/** Adds a dimension unless it is there. */
export function pushDimension(list: PlanDimension[], dimension: PlanDimension): void {
  const known = list.some(
    (one) => sameField(one.field, dimension.field) && one.grain === dimension.grain && one.part === dimension.part,
  )
  if (!known) list.push(dimension)
}
