import type { CatalogColumn, Cell, QueryResult } from '@plumbline/tools/contract'
import type { PlanEstimate, ResultMeter } from '@plumbline/tools/governance'
import type { GovernedQuery } from '@plumbline/tools/sql'

/** A column as the system itself knows it. */
export interface WarehouseColumn extends CatalogColumn {
  /** The type as the system writes it (`VARCHAR`): the gate tells by it what can not fail. */
  readonly native?: string
}

/** A table as the system itself knows it; titles and descriptions come from the semantic model. */
export interface WarehouseTable {
  readonly name: string
  readonly rowCount?: number
  readonly columns: readonly WarehouseColumn[]
}

export interface WarehouseRows {
  readonly columns: QueryResult['columns']
  readonly rows: Cell[][]
}

/**
 * A system that answers SQL. `run` and `explain` take nothing but a query that the gate proved read-only and in which the rules
 * of who asks hold: an unguarded one does not compile. They stop the work in the system itself when the signal aborts, and then throw QUERY_CANCELLED.
 */
export interface Warehouse {
  /** Every table, cheap to call again. */
  list(): Promise<readonly WarehouseTable[]>
  /** @param meter counts what is read: the reading ends with the last row that it takes. */
  run(query: GovernedQuery, signal: AbortSignal, meter?: ResultMeter): Promise<WarehouseRows>
  /** The system's own plan as text, without running the query. */
  explain(query: GovernedQuery, signal: AbortSignal): Promise<string>
  /**
   * What the query would cost, by the system's own estimate and without running it. It rejects like `run`; an estimate that
   * the system can not give is one with the source `none`.
   */
  estimate(query: GovernedQuery, signal: AbortSignal): Promise<PlanEstimate>
  /** ISO 8601 moment of the last load, when the system knows it. */
  loadedAt(): Promise<string | undefined>
  close(): Promise<void>
}

/** What a system can do; each capability brings its own tools. */
export interface Capabilities {
  readonly warehouse: Warehouse
}
