import type { Answer, ApprovalOffer } from '@plumbline/tools/contract'

const MAX_ROWS = 20
const MAX_CELL = 80
const MAX_CHARS = 8000

/**
 * An answer as bounded text for a model that reads it: the words, the choices or the first rows, the SQL and the receipt's
 * id. The whole is in the structured content.
 */
export function answerText(answer: Answer): string {
  const parts = [answer.text]
  for (const { id, label } of answer.clarification?.choices ?? []) parts.push(`- choice \`${id}\`: ${label}`)
  if (answer.approval) parts.push(approvalText(answer, answer.approval))
  if (answer.rows.length > 0) parts.push(table(answer))
  if (answer.sql) parts.push(`SQL: ${answer.sql}`)
  if (answer.receipt) parts.push(`Read as: ${answer.receipt.origin.reading}\nReceipt: ${answer.receipt.id}`)
  parts.push(`Status: ${answer.status}. Thread: ${answer.threadId}`)
  const text = parts.join('\n\n')
  return text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)}…`
}

function approvalText({ id: answerId }: Answer, { id, expiresAt }: ApprovalOffer): string {
  return (
    `Nothing ran. The person can ask for approval \`${id}\` until ${expiresAt}, at the page or with ` +
    `\`plumbline approvals request ${id}\`; once somebody else has approved it, answer \`${answerId}\` becomes the result. ` +
    'Or ask something narrower.'
  )
}

function table({ columns, rows }: Answer): string {
  const line = (cells: readonly unknown[]) => `| ${cells.map(cell).join(' | ')} |`
  const lines = [
    line(columns.map(({ label }) => label)),
    line(columns.map(() => '---')),
    ...rows.slice(0, MAX_ROWS).map(line),
  ]
  if (rows.length > MAX_ROWS) lines.push(`(${rows.length - MAX_ROWS} more rows in the structured content)`)
  return lines.join('\n')
}

/** One line, without what would end the cell. */
function cell(value: unknown): string {
  const text = value === null ? '' : String(value).replace(/\s+/g, ' ').replaceAll('|', '\\|')
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL)}…`
}
