import type { Opinion } from '../opinion.ts'
import { tablesOfPostgresql } from './tables-of-postgresql.ts'

type Parse = (sql: string) => unknown

let loaded: Promise<Parse> | undefined

/** PostgreSQL's own parser (libpg_query), as WebAssembly. */
export async function readPostgresql(sql: string): Promise<Opinion> {
  loaded ??= load()
  const parse = await loaded
  try {
    return tablesOfPostgresql(parse(sql))
  } catch (error) {
    return { kind: 'unreadable', error: error instanceof Error ? error.message : String(error) }
  }
}

async function load(): Promise<Parse> {
  const { loadModule, parseSync } = await import('libpg-query')
  await loadModule()
  return parseSync
}
