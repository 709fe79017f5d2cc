import type { PlanResult } from './plan-context.ts'

/** Ends planning from deep inside with a result that is no plan; caught by `planQuestion` only. */
export class Stop {
  readonly result: PlanResult

  constructor(result: PlanResult) {
    this.result = result
  }
}
