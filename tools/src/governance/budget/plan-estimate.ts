import type { Estimate } from '../../contract/estimate.ts'

/** What a plan says beside its figures: enough to tell how the query could be made narrower. It stays inside the gate. */
export interface PlanShape {
  readonly scans: readonly PlanScan[]
  /** Tables are multiplied with one another. */
  readonly crossJoin: boolean
  /** Text of every condition that the plan names, as the system writes it. */
  readonly filters: readonly string[]
  /** Groups of the largest grouping. */
  readonly groups: number
}

export interface PlanScan {
  readonly table: string
  readonly rows: number
}

/** An estimate with the shape of its plan. */
export interface PlanEstimate extends Estimate {
  readonly shape?: PlanShape
}

/** An estimate that could not be had, and why. */
export function noEstimate(reason: string): PlanEstimate {
  return { unit: 'rows', source: 'none', exact: false, reason }
}

/**
 * What may leave the gate: two significant digits, because a planner's guess promises no more, and the exact size of a table
 * is not for somebody who sees a part of it; and no shape, because it names conditions that policies have put in.
 */
export function shownEstimate({ shape: _, ...estimate }: PlanEstimate): Estimate {
  const { rows, bytes, cost } = estimate
  return {
    ...estimate,
    ...(rows === undefined ? {} : { rows: twoDigits(rows) }),
    ...(bytes === undefined ? {} : { bytes: twoDigits(bytes) }),
    ...(cost === undefined ? {} : { cost: twoDigits(cost) }),
  }
}

const twoDigits = (value: number) => Number(value.toPrecision(2))
