import { noEstimate, type PlanEstimate, type PlanScan } from '../plan-estimate.ts'

/** What is counted on a walk through a plan. */
export class PlanTally {
  readonly #scans: PlanScan[] = []
  readonly #filters: string[] = []
  #bytes: number | undefined = 0
  #largestJoin = 0
  #crossJoin = false
  #groups = 0
  #exact = true
  #fault: string | null = null

  /** A table or function that gives rows. @param bytes absent: the plan does not say. */
  scan(table: string, rows: number, bytes: number | undefined, exact = false): void {
    this.#scans.push({ table, rows })
    this.#bytes = bytes === undefined || this.#bytes === undefined ? undefined : this.#bytes + bytes
    this.#exact &&= exact
  }

  /** Rows that a join makes or has to look at. */
  join(rows: number, everyPair: boolean): void {
    this.#largestJoin = Math.max(this.#largestJoin, rows)
    this.#crossJoin ||= everyPair
    this.#exact = false
  }

  filter(text: string): void {
    this.#filters.push(text)
  }

  group(groups: number): void {
    this.#groups = Math.max(this.#groups, groups)
  }

  /** A part whose size nobody knows: then the whole has no estimate. */
  unknown(reason: string): void {
    this.#fault ??= reason
  }

  /** @param cost in `unit`, where the system counts in units of its own. */
  result(unit: string, cost?: number): PlanEstimate {
    if (this.#fault !== null) return noEstimate(this.#fault)
    const read = this.#scans.reduce((sum, { rows }) => sum + rows, 0)
    return {
      rows: Math.max(read, this.#largestJoin),
      ...(this.#bytes === undefined ? {} : { bytes: this.#bytes }),
      ...(cost === undefined ? {} : { cost }),
      unit,
      source: 'explain',
      exact: this.#exact,
      shape: {
        scans: this.#scans,
        crossJoin: this.#crossJoin,
        filters: this.#filters,
        groups: this.#groups,
      },
    }
  }
}
