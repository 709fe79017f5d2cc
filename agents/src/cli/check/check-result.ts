import type { ColumnLineage } from '@plumbline/tools/contract'

/** One line of `plumbline check`. */
export interface CheckResult {
  /** As it came in; null where the line has none. */
  readonly id: string | number | null
  readonly allowed: boolean
  /** Why it is refused, for programs; null when it is allowed. */
  readonly code: string | null
  /** Why it is refused, for people. */
  readonly reason: string | null
  /** What would run: printed from the checked tree, row filters and masks written in. */
  readonly sql: string | null
  readonly tables: readonly string[]
  /** `table.column`: every column that is used. */
  readonly columns: readonly string[]
  /** Which columns feed each result column; null when it is refused. */
  readonly lineage: readonly ColumnLineage[] | null
}

export function refused(id: CheckResult['id'], code: string, reason: string): CheckResult {
  return { id, allowed: false, code, reason, sql: null, tables: [], columns: [], lineage: null }
}
