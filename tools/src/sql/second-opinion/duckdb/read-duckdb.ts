import type { DuckDBConnection } from '@duckdb/node-api'
import type { Opinion } from '../opinion.ts'
import { tablesOfDuckdb } from './tables-of-duckdb.ts'

let opened: Promise<DuckDBConnection> | undefined

/** DuckDB's own parser: a database of its own that holds nothing and may reach nothing. */
export async function readDuckdb(sql: string): Promise<Opinion> {
  opened ??= open()
  const reader = await (await opened).runAndReadAll(
    'SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true)',
    [sql],
  )
  return tablesOfDuckdb(JSON.parse(String(reader.getRows()[0]?.[0])))
}

async function open(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '256MB',
    enable_external_access: 'false',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    lock_configuration: 'true',
  })
  return instance.connect()
}
