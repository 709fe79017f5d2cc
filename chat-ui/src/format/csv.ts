import type { Cell, Column } from '@plumbline/tools/contract'

const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

/** A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection); a number does not. */
function safe(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** RFC 4180: a header, CRLF, quotes doubled. Values are the data's own, not the page's formatting. */
export function toCsv(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns.map((column) => safe(column.name)), ...rows.map((row) => row.map(safe))]
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('')
}

/** Tab-separated for pasting into a spreadsheet; tabs and line ends inside a value become spaces. */
export function toTsv(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const lines = [columns.map((column) => safe(column.label)), ...rows.map((row) => row.map(safe))]
  return lines.map((line) => line.map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n')
}
