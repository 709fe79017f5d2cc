import type { SqlDialect } from '@plumbline/native'
import { Lru } from '../../lru/index.ts'
import { readDuckdb } from './duckdb/read-duckdb.ts'
import type { Opinion } from './opinion.ts'
import { readPolyglot } from './polyglot/read-polyglot.ts'
import { readPostgresql } from './postgresql/read-postgresql.ts'

/** Opinions that are kept, and the longest text that is kept with one: at most some 20 MB. */
const KEPT = 2_000
const LONGEST_KEPT = 8_000
const kept = new Lru<Promise<Opinion>>(KEPT)

/**
 * What a parser that shares no code with the guard makes of a query. DuckDB and PostgreSQL are asked themselves, the other
 * systems' dialects are read by polyglot-sql (docs/decisions/0008). Each is loaded when it is first needed, once a process.
 * Never rejects: what fails is `unreadable`.
 */
export function secondOpinion(sql: string, dialect: SqlDialect): Promise<Opinion> {
  const key = `${dialect} ${sql}`
  const known = kept.get(key)
  if (known) return known
  const opinion = read(sql, dialect).catch((error: unknown): Opinion => {
    // It may be the machine and not the query: the next time it is tried again.
    kept.delete(key)
    return { kind: 'unreadable', error: error instanceof Error ? error.message : String(error) }
  })
  if (sql.length <= LONGEST_KEPT) kept.set(key, opinion)
  return opinion
}

async function read(sql: string, dialect: SqlDialect): Promise<Opinion> {
  switch (dialect) {
    case 'duckdb':
      return readDuckdb(sql)
    case 'postgresql':
      return readPostgresql(sql)
    default:
      return readPolyglot(sql, dialect)
  }
}
