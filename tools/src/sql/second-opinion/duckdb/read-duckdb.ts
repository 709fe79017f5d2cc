import type { DuckDBConnection } from '@duckdb/node-api'
import type { Opinion } from '../opinion.ts'
import { tablesOfDuckdb } from './tables-of-duckdb.ts'

/** What was asked and what runs are read side by side: a connection does one thing at a time. */
const CONNECTIONS = 2
let opened: Promise<readonly DuckDBConnection[]> | undefined
let turn = 0

/** DuckDB's own parser: a database of its own that holds nothing and may reach nothing. */
export async function readDuckdb(sql: string): Promise<Opinion> {
  opened ??= open()
  const connections = await opened
  turn = (turn + 1) % CONNECTIONS
  const reader = await (connections[turn] as DuckDBConnection).runAndReadAll(
    'SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true)',
    [sql],
  )
  return tablesOfDuckdb(JSON.parse(String(reader.getRows()[0]?.[0])))
}

async function open(): Promise<DuckDBConnection[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '256MB',
    enable_external_access: 'false',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
    lock_configuration: 'true',
  })
  return Promise.all(Array.from({ length: CONNECTIONS }, () => instance.connect()))
}
