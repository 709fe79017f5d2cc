import type { WarehouseRows, WarehouseTable } from '@plumbline/mcp-kit'

export interface EngineRows extends WarehouseRows {
  /** The result was cut at `maxBytes`. */
  readonly full: boolean
}

/** DuckDB with the tables of a folder, in this process or in one of its own. */
export interface Engine {
  readonly tables: readonly WarehouseTable[]
  /** ISO 8601 moment of the last load, when it is known. */
  readonly loadedAt: string | undefined
  /** Runs SQL that has passed the gate; aborting stops it, and then throws QUERY_CANCELLED. */
  query(sql: string, signal: AbortSignal, maxBytes?: number): Promise<EngineRows>
  close(): Promise<void>
}
