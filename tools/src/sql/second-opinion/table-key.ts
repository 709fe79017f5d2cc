import type { SqlDialect } from '@plumbline/native'
import type { NamedTable } from './opinion.ts'

/** The schema that a name without one is looked up in. */
const DEFAULT_SCHEMA: Partial<Record<SqlDialect, string>> = { duckdb: 'main', sqlite: 'main', postgresql: 'public' }

/**
 * Equal for two ways to write one table. Case counts only in MySQL: the others compare names without quotes in one case, and
 * the first parser does not say which had quotes.
 */
export function tableKey({ catalog, schema, name }: NamedTable, dialect: SqlDialect): string {
  const usual = catalog === undefined && schema?.toLowerCase() === DEFAULT_SCHEMA[dialect]
  const parts = [catalog, usual ? undefined : schema, name].filter((part) => part !== undefined)
  const key = parts.map((part) => JSON.stringify(part)).join('.')
  return dialect === 'mysql' ? key : key.toLowerCase()
}
