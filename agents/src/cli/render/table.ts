import { type Cell, type Column, formatCell, unitText } from '@plumbline/tools/contract'
import { plainText, type Style } from './style.ts'

const MAX_ROWS = 20
const MAX_CELL = 40
const GAP = '  '

const isNumber = (column: Column) => column.type === 'integer' || column.type === 'number'
const cut = (text: string, width: number) => (text.length <= width ? text : `${text.slice(0, width - 1)}…`)

function heading(column: Column): string {
  const unit = column.format === 'ratio' ? undefined : unitText(column.unit)
  return plainText(unit ? `${column.label} (${unit})` : column.label)
}

/** The first rows as an aligned table, numbers to the right; columns that do not fit are named below. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], style: Style): string {
  const shown = rows.slice(0, MAX_ROWS)
  const texts = columns.map((column, i) =>
    shown.map((row) => cut(plainText(formatCell(row[i] ?? null, column)), MAX_CELL)),
  )
  const widths = columns.map((column, i) =>
    Math.max(heading(column).length, ...(texts[i] ?? []).map((text) => text.length)),
  )
  let used = 0
  const fitting = columns.filter((_, i) => {
    used += (widths[i] ?? 0) + (i > 0 ? GAP.length : 0)
    return i === 0 || used <= style.width
  })
  const pad = (text: string, i: number) => {
    const column = columns[i] as Column
    return isNumber(column) ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)
  }
  const line = (cells: string[]) => cells.join(GAP).trimEnd()
  const notes = [
    rows.length > MAX_ROWS ? `… ${(rows.length - MAX_ROWS).toLocaleString('en-US')} more rows` : '',
    fitting.length < columns.length ? `not shown: ${columns.slice(fitting.length).map(heading).join(', ')}` : '',
  ].filter(Boolean)
  return [
    style.dim(line(fitting.map((column, i) => pad(heading(column), i)))),
    ...shown.map((_, r) => line(fitting.map((_, i) => pad(texts[i]?.[r] ?? '', i)))),
    ...notes.map((note) => style.dim(note)),
  ].join('\n')
}
