import type { Warehouse } from '@plumbline/mcp-kit'
import type { ResultMeter } from '@plumbline/tools/governance'
import { estimate } from './estimate.ts'
import { isolatedEngine } from './isolated-engine.ts'
import type { OpenOptions } from './open-duckdb.ts'

/** DuckDB as a warehouse, in a process of its own. */
export async function duckdbWarehouse(options: OpenOptions): Promise<Warehouse> {
  const engine = await isolatedEngine(options)

  const query = async (sql: string, signal: AbortSignal, meter?: ResultMeter) => {
    const { full, ...result } = await engine.query(sql, signal, meter?.maxBytes)
    if (full) meter?.stop()
    return result
  }

  return {
    list: async () => engine.tables,
    run: (proved, signal, meter) => query(proved.sql, signal, meter),
    explain: async (proved, signal) => {
      const { rows } = await query(`EXPLAIN ${proved.sql}`, signal)
      return rows.map((row) => String(row.at(-1) ?? '')).join('\n')
    },
    estimate: (proved, signal) => estimate(proved, engine.tables, (sql) => query(sql, signal)),
    loadedAt: async () => engine.loadedAt,
    close: () => engine.close(),
  }
}
