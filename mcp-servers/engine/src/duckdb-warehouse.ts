import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import type { Warehouse, WarehouseTable } from '@plumbline/mcp-kit'
import type { Cell } from '@plumbline/tools/contract'
import type { ResultMeter } from '@plumbline/tools/governance'
import { quoteIdentifier } from '@plumbline/tools/sql'
import { cellReader, columnType } from './cells.ts'
import { ConnectionPool } from './connection-pool.ts'
import { translateError } from './errors.ts'
import { estimate } from './estimate.ts'
import { interruptible } from './interruptible.ts'
import { loadedAt } from './manifest.ts'
import { type OpenOptions, openDuckdb } from './open-duckdb.ts'

/** DuckDB as a warehouse. The tables do not change while it is open, so they are listed once. */
export async function duckdbWarehouse(options: OpenOptions): Promise<Warehouse> {
  const { instance, connection, files } = await openDuckdb(options)
  const tables = await listTables(connection)
  connection.closeSync()
  const loaded = await loadedAt(options.dataDir, files)
  const pool = new ConnectionPool(instance)

  const query = (sql: string, signal: AbortSignal, meter?: ResultMeter) =>
    pool.use(async (own) => {
      try {
        return await interruptible(own, signal, async () => {
          const result = meter ? await own.stream(sql) : await own.run(sql)
          const columns = result
            .deduplicatedColumnNames()
            .map((name, i) => ({ name, type: columnType(result.columnTypeId(i)) }))
          const readers = columns.map((_, i) => cellReader(result.columnTypeId(i)))
          const read = (row: readonly DuckDBValue[]) => row.map((value, i) => readers[i]?.(value) ?? null)
          return { columns, rows: meter ? await metered(result, read, meter) : (await result.getRows()).map(read) }
        })
      } catch (error) {
        throw translateError(error, signal.aborted)
      }
    })

  return {
    list: async () => tables,
    run: (proved, signal, meter) => query(proved.sql, signal, meter),
    explain: async (proved, signal) => {
      const { rows } = await query(`EXPLAIN ${proved.sql}`, signal)
      return rows.map((row) => String(row.at(-1) ?? '')).join('\n')
    },
    estimate: (proved, signal) => estimate(proved, tables, (sql) => query(sql, signal)),
    loadedAt: async () => loaded,
    close: async () => {
      pool.close()
      instance.closeSync()
    },
  }
}

/** Reads chunk by chunk, so that a result over the limit is never in memory as a whole. */
async function metered(
  result: DuckDBResult,
  read: (row: readonly DuckDBValue[]) => Cell[],
  meter: ResultMeter,
): Promise<Cell[][]> {
  const rows: Cell[][] = []
  for await (const chunk of result.yieldRows()) {
    for (const raw of chunk) {
      const row = read(raw)
      if (!meter.take(row)) return rows
      rows.push(row)
    }
  }
  return rows
}

async function listTables(connection: DuckDBConnection): Promise<WarehouseTable[]> {
  const names = await connection.runAndReadAll('SELECT table_name FROM duckdb_tables() ORDER BY table_name')
  return Promise.all(
    names.getRows().map(async ([name]) => {
      const table = quoteIdentifier(String(name), 'duckdb')
      const empty = await connection.run(`SELECT * FROM ${table} LIMIT 0`)
      const count = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`)
      return {
        name: String(name),
        rowCount: Number(count.getRows()[0]?.[0] ?? 0),
        columns: empty.columnNames().map((column, i) => ({
          name: column,
          type: columnType(empty.columnTypeId(i)),
          native: empty.columnType(i).toString(),
        })),
      }
    }),
  )
}
