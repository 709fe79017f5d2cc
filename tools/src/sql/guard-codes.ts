import type { SqlRefusalCode } from '@plumbline/native'
import type { Code } from '../errors/index.ts'

/** What the guard's refusals are to the rest of the product. */
export const GUARD_CODES: Record<SqlRefusalCode, Code> = {
  SQL_PARSE_ERROR: 'QUERY_INVALID',
  SQL_NOT_ONE_STATEMENT: 'QUERY_NOT_READ_ONLY',
  SQL_NOT_READ_ONLY: 'QUERY_NOT_READ_ONLY',
  SQL_FUNCTION_NOT_ALLOWED: 'FUNCTION_NOT_ALLOWED',
  SQL_TABLE_NOT_ALLOWED: 'QUERY_NOT_READ_ONLY',
  SQL_SYNTAX_NOT_ALLOWED: 'QUERY_NOT_READ_ONLY',
  SQL_TOO_COMPLEX: 'QUERY_TOO_COMPLEX',
  SQL_ROUND_TRIP: 'QUERY_TOO_COMPLEX',
  SQL_TABLE_UNKNOWN: 'TABLE_UNKNOWN',
}
