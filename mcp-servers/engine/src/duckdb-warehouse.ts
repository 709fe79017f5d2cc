import type { DuckDBConnection } from '@duckdb/node-api'
import type { Warehouse, WarehouseTable } from '@plumbline/mcp-kit'
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

  const query = (sql: string, signal: AbortSignal) =>
    pool.use(async (own) => {
      try {
        return await interruptible(own, signal, async () => {
          const result = await own.run(sql)
          const columns = result
            .deduplicatedColumnNames()
            .map((name, i) => ({ name, type: columnType(result.columnTypeId(i)) }))
          const readers = columns.map((_, i) => cellReader(result.columnTypeId(i)))
          const values = await result.getRows()
          return { columns, rows: values.map((row) => row.map((value, i) => readers[i]?.(value) ?? null)) }
        })
      } catch (error) {
        throw translateError(error, signal.aborted)
      }
    })

  return {
    list: async () => tables,
    run: (proved, signal) => query(proved.sql, signal),
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
        columns: empty.columnNames().map((column, i) => ({ name: column, type: columnType(empty.columnTypeId(i)) })),
      }
    }),
  )
}
