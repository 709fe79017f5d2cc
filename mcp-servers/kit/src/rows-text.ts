import type { Cell, QueryResult } from '@plumbline/tools/contract'

/** Rows a model gets to read; it asks a narrower query for more. */
const MAX_ROWS = 50
const MAX_CELL = 200

/** A result as tab-separated text. A value can not break out of its line: control characters are written escaped. */
export function rowsText(result: Pick<QueryResult, 'columns' | 'rows' | 'rowCount' | 'truncated'>): string {
  const shown = result.rows.slice(0, MAX_ROWS)
  const more = result.truncated
    ? ', cut at the limit'
    : shown.length < result.rowCount
      ? `, the first ${shown.length} shown`
      : ''
  return [
    `${result.rowCount} rows${more}`,
    result.columns.map((column) => cellText(column.name)).join('\t'),
    ...shown.map((row) => row.map(cellText).join('\t')),
  ].join('\n')
}

function cellText(cell: Cell): string {
  if (cell === null) return 'NULL'
  const text = String(cell).replace(/[\p{Cc}\p{Zl}\p{Zp}\\]/gu, (char) => JSON.stringify(char).slice(1, -1))
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL)}…`
}
