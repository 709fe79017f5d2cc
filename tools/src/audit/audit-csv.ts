import type { AuditEntry } from '../contract/index.ts'

/** The columns of an export as CSV, in order. */
const COLUMNS: readonly (readonly [name: string, of: (entry: AuditEntry) => string | number | null])[] = [
  ['seq', (entry) => entry.seq],
  ['at', (entry) => entry.at],
  ['principal_id', (entry) => entry.principal.id],
  ['principal_name', (entry) => entry.principal.name],
  ['roles', (entry) => entry.principal.roles.join(' ')],
  ['surface', (entry) => entry.surface],
  ['action', (entry) => entry.action],
  ['outcome', (entry) => entry.outcome],
  ['question', (entry) => entry.question],
  ['source', (entry) => entry.source],
  ['sql_asked', (entry) => entry.sqlAsked],
  ['sql_run', (entry) => entry.sqlRun],
  ['policies', (entry) => entry.policies.join(' ')],
  ['tables', (entry) => entry.tables.map(({ name, columns }) => `${name}(${columns.join(', ')})`).join('; ')],
  ['rows_out', (entry) => entry.rowsOut],
  ['cost_usd', (entry) => entry.cost.usd],
  ['input_tokens', (entry) => entry.cost.inputTokens],
  ['output_tokens', (entry) => entry.cost.outputTokens],
  ['estimated_rows', (entry) => entry.cost.estimate?.rows ?? null],
  ['estimated_bytes', (entry) => entry.cost.estimate?.bytes ?? null],
  ['ms', (entry) => entry.ms],
  ['error_code', (entry) => entry.error?.code ?? null],
  ['error_message', (entry) => entry.error?.message ?? null],
  ['answer_id', (entry) => entry.answerId],
  ['request_id', (entry) => entry.requestId],
  ['details', (entry) => (Object.keys(entry.details).length === 0 ? null : JSON.stringify(entry.details))],
  ['prev_hash', (entry) => entry.prevHash],
  ['hash', (entry) => entry.hash],
]

/** First line of the CSV, without its line end. */
export const AUDIT_CSV_HEADER = COLUMNS.map(([name]) => name).join(',')

/**
 * One entry as a line of CSV (RFC 4180), without its line end. What people wrote is hostile: a spreadsheet takes a cell that begins
 * with = + - @ (or a tab, a line break, or the full-width forms) for a formula, so such a cell begins with an apostrophe
 * (OWASP, "CSV injection"). The hash is that of the entry and not of the line: verify the JSON lines.
 */
export function auditCsvLine(entry: AuditEntry): string {
  return COLUMNS.map(([, of]) => cell(of(entry))).join(',')
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const inert = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  // Always in quotes: where a semicolon separates, `a;=1+1` would be two cells.
  return `"${inert.replaceAll('"', '""')}"`
}
