import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import type { WarehouseTable } from '@plumbline/mcp-kit'
import type { Cell } from '@plumbline/tools/contract'
import { ResultMeter } from '@plumbline/tools/governance'
import { quoteIdentifier } from '@plumbline/tools/sql'
import { cellReader, columnType } from './cells.ts'
import { ConnectionPool } from './connection-pool.ts'
import type { Engine } from './engine.ts'
import { translateError } from './errors.ts'
import { interruptible } from './interruptible.ts'
import { loadedAt } from './manifest.ts'
import { type OpenOptions, openDuckdb } from './open-duckdb.ts'

/** DuckDB in this process. The tables do not change while it is open, so they are listed once. */
export async function openEngine(options: OpenOptions): Promise<Engine> {
  const { instance, connection, files } = await openDuckdb(options)
  const tables = await listTables(connection)
  connection.closeSync()
  const loaded = await loadedAt(options.dataDir, files)
  const pool = new ConnectionPool(instance)
  return {
    tables,
    loadedAt: loaded,
    query: (sql, signal, maxBytes) =>
      pool.use(async (own) => {
        try {
          return await interruptible(own, signal, async () => {
            const meter = maxBytes === undefined ? undefined : new ResultMeter(maxBytes)
            const result = meter ? await own.stream(sql) : await own.run(sql)
            const columns = result
              .deduplicatedColumnNames()
              .map((name, i) => ({ name, type: columnType(result.columnTypeId(i)) }))
            const readers = columns.map((_, i) => cellReader(result.columnTypeId(i)))
            const read = (row: readonly DuckDBValue[]) => row.map((value, i) => readers[i]?.(value) ?? null)
            const rows = meter ? await metered(result, read, meter) : (await result.getRows()).map(read)
            return { columns, rows, full: meter?.full ?? false }
          })
        } catch (error) {
          throw translateError(error, signal.aborted)
        }
      }),
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
