import type { SqlDialect, SqlTable } from '@plumbline/native'

declare const proof: unique symbol

/** A query that was proved read-only. Only `proveReadOnly` and a gate make one, so an unguarded query does not compile. */
export interface ReadOnlyQuery {
  /** Printed from the checked tree; this runs, never the input. */
  readonly sql: string
  readonly dialect: SqlDialect
  readonly tables: readonly SqlTable[]
  readonly columns: readonly string[]
  readonly functions: readonly string[]
  /** The query brings at most one row more than this; the one more says that it was cut. */
  readonly maxRows: number
  readonly [proof]: true
}
