import type { SqlDialect } from '@plumbline/native'
import type { FoldName } from './opinion.ts'

const lower: FoldName = (name) => name.toLowerCase()
const asWritten: FoldName = (name) => name

/**
 * Names as the dialect compares them. MySQL's rule for tables depends on its file system: there every difference counts, so
 * that no table is taken for a common table expression.
 */
export const FOLD_NAME: Record<SqlDialect, FoldName> = {
  duckdb: lower,
  sqlite: lower,
  databricks: lower,
  mysql: asWritten,
  postgresql: (name, quoted) => (quoted ? name : name.toLowerCase()),
  snowflake: (name, quoted) => (quoted ? name : name.toUpperCase()),
}
