import { resultShape } from '@plumbline/tools/charts'
import { type Cell, type Column, formatCell } from '@plumbline/tools/contract'
import { escapeMarkdown } from './escape-markdown.ts'
import { relation } from './relation.ts'
import { sentenceCase, within } from './sentence-case.ts'
import { titleOf } from './title-of.ts'

interface Result {
  readonly reading: string
  readonly columns: readonly Column[]
  readonly rows: readonly Cell[][]
  readonly truncated: boolean
}

/** Up to this many rows the answer names every one; beyond, the extremes. */
const NAME_ALL = 3

/** The answer in words, from the result alone: every number in it is a value of the rows. CommonMark, values escaped. */
export function describeResult(result: Result): string {
  const { rows, columns, truncated } = result
  // A name may end in a full stop of its own (“Inc.”).
  const reading = sentenceCase(escapeMarkdown(titleOf(result.reading))).replace(/\.$/, '')
  if (rows.length === 0) return `Nothing in the data matches. I looked for: ${escapeMarkdown(result.reading)}.`
  const { measures } = resultShape(columns)
  const [measure] = measures
  const first = rows[0] as Cell[]
  if (rows.length === 1 && columns.length === 1) return `${reading}: ${value(first[0], columns[0] as Column)}.`
  if (rows.length === 1) return `${reading}: ${oneRow(first, columns, measures)}.`
  const count = truncated
    ? `more than ${rows.length.toLocaleString('en-US')} rows, cut here`
    : `${rows.length.toLocaleString('en-US')} rows`
  if (!measure) return `${reading}: ${count}.`
  const related = relation(columns, rows)
  if (related) return `${reading}. ${related}`
  if (rows.length <= NAME_ALL) return `${reading}: ${rows.map((row) => namedValue(row, columns, measure)).join(', ')}.`
  return `${reading}. ${extremes(rows, columns, measure)} (${count}).`
}

const value = (cell: Cell | undefined, column: Column) =>
  `**${escapeMarkdown(formatCell(cell ?? null, column, true))}**`

function rowName(row: readonly Cell[], columns: readonly Column[]): string {
  const { measures } = resultShape(columns)
  const parts = columns.flatMap((column, i) => (measures.includes(column) ? [] : [formatCell(row[i] ?? null, column)]))
  return escapeMarkdown(parts.join(', '))
}

function oneRow(row: readonly Cell[], columns: readonly Column[], measures: readonly Column[]): string {
  const name = rowName(row, columns)
  const numbers = measures
    .map((m) => `${escapeMarkdown(within(m.label))} ${value(row[columns.indexOf(m)], m)}`)
    .join(', ')
  return name && numbers ? `**${name}**, ${numbers}` : name ? `**${name}**` : numbers
}

function namedValue(row: readonly Cell[], columns: readonly Column[], measure: Column): string {
  const name = rowName(row, columns)
  const number = value(row[columns.indexOf(measure)], measure)
  return name ? `${name} ${number}` : number
}

function extremes(rows: readonly Cell[][], columns: readonly Column[], measure: Column): string {
  const index = columns.indexOf(measure)
  const known = rows.filter((row) => typeof row[index] === 'number')
  const [start] = known
  if (!start) return `No row has a value for ${escapeMarkdown(within(measure.label))}`
  const number = (row: readonly Cell[]) => row[index] as number
  const highest = known.reduce((best, row) => (number(row) > number(best) ? row : best), start)
  const lowest = known.reduce((best, row) => (number(row) < number(best) ? row : best), start)
  if (number(highest) === number(lowest)) return `All have the same value, ${value(number(highest), measure)}`
  return `Highest: ${namedValue(highest, columns, measure)}; lowest: ${namedValue(lowest, columns, measure)}`
}
