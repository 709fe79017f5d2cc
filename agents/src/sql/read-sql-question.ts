import { type AppError, type ErrorShape, toAppError } from '@plumbline/tools/errors'
import { proveReadOnly, type SqlDialect } from '@plumbline/tools/sql'

type SqlQuestion = { kind: 'sql'; sql: string } | { kind: 'refuse'; reason: string; error: ErrorShape }

const READ = /^\s*(\(\s*)*(select\b[\s\S]*\bfrom\b|with\b[\s\S]*\bas\s*\(|values\s*\()/i
/** Statements by their first words, with enough of the syntax that "update me on delays" is not one. */
const NOT_A_READ =
  /^\s*(insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|drop\s+(table|view|schema|database|index)\b|truncate\s+(table\s+)?\w|alter\s+(table|view|schema|database|user|role)\b|create\s+(or\s+replace\s+|temp\w*\s+)*(table|view|schema|database|function|macro|secret|index)\b|copy\s+\S+\s+(to|from)\b|attach\s+['"]|install\s+\w+\s*;?\s*$|load\s+['"\w]+\s*;?\s*$|pragma\s+\w|set\s+\w+\s*=|grant\s+\w+\s+on\b|call\s+\w+\s*\(|merge\s+into\b|export\s+database\b)/i

/**
 * Reads a question that is SQL. A read goes through the gate like any other query; anything else is refused with the
 * gate's own reason. Null: it is not SQL, so it is English ("select the busiest month from last year").
 */
export function readSqlQuestion(question: string, dialect: SqlDialect): SqlQuestion | null {
  const looksLikeRead = READ.test(question)
  if (!looksLikeRead && !NOT_A_READ.test(question)) return null
  try {
    proveReadOnly(question, { dialect, maxRows: 1 })
    return { kind: 'sql', sql: question }
  } catch (error) {
    const refusal = toAppError(error)
    if (looksLikeRead && isSyntaxError(refusal)) return null
    return {
      kind: 'refuse',
      reason: `I did not run this SQL: ${refusal.message} I only read, one statement at a time.`,
      error: refusal.toJSON(),
    }
  }
}

/** English that begins like SQL does not parse; SQL that was refused does. */
function isSyntaxError(refusal: AppError): boolean {
  return refusal.code === 'QUERY_INVALID'
}
