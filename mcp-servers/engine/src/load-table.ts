import { basename, parse } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { AppError } from '@plumbline/tools/errors'
import { quoteIdentifier, quoteLiteral } from '@plumbline/tools/sql'

/** Integers that a file may hold and arithmetic overflows. */
const NARROW = /^U?(TINYINT|SMALLINT|INTEGER)$/

/**
 * A Parquet file as a table in memory, named as the file. Not as a view on it: the fence would have to leave that path open,
 * and DuckDB opens a path for writing too (`COPY … TO` with USE_TMP_FILE false).
 *
 * Integers become BIGINT: a file keeps an hour as TINYINT, and DuckDB gives `hour * 60` the type of `hour`, so that an
 * innocent query fails with an overflow. Measured on the flights: neither load nor queries get slower.
 */
export async function loadTable(connection: DuckDBConnection, file: string, memoryLimit: string): Promise<void> {
  const table = quoteIdentifier(parse(file).name, 'duckdb')
  const source = `read_parquet(${quoteLiteral(file, 'duckdb')})`
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)
    const columns = described.getRows().map(([name, type]) => {
      const column = quoteIdentifier(String(name), 'duckdb')
      return NARROW.test(String(type)) ? `CAST(${column} AS BIGINT) AS ${column}` : column
    })
    await connection.run(`CREATE TABLE ${table} AS SELECT ${columns.join(', ')} FROM ${source}`)
  } catch (cause) {
    const name = basename(file)
    if (/^Out of Memory Error/i.test(cause instanceof Error ? cause.message : '')) {
      const hint = 'Give the engine a higher memoryLimit or smaller files.'
      throw new AppError('CONFIG_INVALID', `\`${name}\` does not fit into ${memoryLimit} of memory. ${hint}`, { cause })
    }
    const hint = 'Replace it or take it out of the folder.'
    throw new AppError('FILE_INVALID', `\`${name}\` can not be read as Parquet. ${hint}`, { cause })
  }
}
