import { type BindingVerdict, binding } from './load.ts'
import { toNativeError } from './native-error.ts'

export type SqlDialect = 'duckdb' | 'postgresql' | 'snowflake' | 'databricks' | 'mysql' | 'sqlite'

export type SqlRefusalCode =
  | 'SQL_PARSE_ERROR'
  | 'SQL_NOT_ONE_STATEMENT'
  | 'SQL_NOT_READ_ONLY'
  | 'SQL_FUNCTION_NOT_ALLOWED'
  | 'SQL_TABLE_NOT_ALLOWED'
  | 'SQL_SYNTAX_NOT_ALLOWED'
  | 'SQL_TOO_COMPLEX'
  | 'SQL_ROUND_TRIP'
  | 'SQL_TABLE_UNKNOWN'

export interface SqlTable {
  readonly catalog?: string
  readonly schema?: string
  readonly name: string
  /** The name the query gives it; a table that stands twice under two names is there twice. */
  readonly alias?: string
}

export type SqlVerdict =
  | {
      readonly allowed: true
      readonly kind: 'query'
      /** Printed from the checked tree: this may run, never the text that came in. */
      readonly sql: string
      /** Every table the query reads; common table expressions are none. */
      readonly tables: readonly SqlTable[]
      /** Column names as written, without qualifier; `*` when all columns of something are taken. */
      readonly columns: readonly string[]
      readonly functions: readonly string[]
    }
  | {
      readonly allowed: false
      readonly code: SqlRefusalCode
      /** A sentence for the person who asked. */
      readonly reason: string
      /** The part that is refused, at most 120 characters. */
      readonly part: string
    }

/**
 * Proves that a text is one read-only query, by an allow-list over its syntax tree. With `maxRows` the printed query brings
 * at most one row more, so that a cut can be seen. Bad SQL is a verdict; throws NativeError only for an unknown dialect.
 */
export function analyzeSql(sql: string, dialect: SqlDialect, maxRows?: number): SqlVerdict {
  const verdict = ask(sql, dialect, maxRows)
  if (verdict.sql === undefined) {
    const { code = 'SQL_PARSE_ERROR', reason = 'The SQL can not be read.', part = '' } = verdict
    return { allowed: false, code: code as SqlRefusalCode, reason, part }
  }
  const { tables, columns, functions } = verdict
  return { allowed: true, kind: 'query', sql: verdict.sql, tables, columns, functions }
}

function ask(sql: string, dialect: SqlDialect, maxRows?: number): BindingVerdict {
  try {
    return binding.analyzeSql(sql, dialect, maxRows)
  } catch (cause) {
    throw toNativeError(cause)
  }
}
