import type { SqlDialect } from '@plumbline/native'
import { AppError } from '../errors/index.ts'

const BACKTICK = new Set<SqlDialect>(['mysql', 'databricks'])
/** A backslash escapes in these, so it must be escaped itself. */
const BACKSLASH = new Set<SqlDialect>(['mysql', 'databricks', 'snowflake'])

function noNul(text: string): void {
  if (text.includes('\0')) throw new AppError('INPUT_INVALID', 'A name or value may not hold a NUL character.')
}

/** A name in the quotes of the dialect, so that it is a name whatever it holds. */
export function quoteIdentifier(name: string, dialect: SqlDialect): string {
  noNul(name)
  const mark = BACKTICK.has(dialect) ? '`' : '"'
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
}

/** A text in quotes, so that it is a value whatever it holds. */
export function quoteLiteral(text: string, dialect: SqlDialect): string {
  noNul(text)
  const escaped = BACKSLASH.has(dialect) ? text.replaceAll('\\', '\\\\') : text
  // Spark before 4 reads `'it''s'` as two texts, one after the other.
  return `'${escaped.replaceAll("'", dialect === 'databricks' ? "\\'" : "''")}'`
}
