import type { Hostile } from '../hostile.ts'

/** Statements of SQLite that must not run, with the code of the refusal. */
export const HOSTILE: readonly Hostile[] = [
  ['SELECT 1 + interval FROM secret', 'SQL_SYNTAX_NOT_ALLOWED'],
  // Statements that are no query
  ["ATTACH DATABASE '/tmp/x' AS x", 'SQL_NOT_READ_ONLY'],
  // Catalogs
  ['SELECT sql FROM sqlite_schema', 'SQL_TABLE_NOT_ALLOWED'],
  // Postgres calls a function that is written as a field
  ["SELECT load_extension('evil')", 'SQL_FUNCTION_NOT_ALLOWED'],
]
