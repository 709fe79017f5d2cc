import type { Cell } from '@plumbline/tools/contract'

/** Answers are computed another way than the gold, so sums of doubles may differ in the last digits. */
const RELATIVE_TOLERANCE = 1e-6

type Rows = readonly (readonly Cell[])[]

/**
 * Whether the answer's rows are the gold's: equal as multisets (in order when `ordered`), the gold's columns found among
 * the answer's in any order. An answer may show more columns (a count beside a rate), never fewer; this is the metric of
 * the defog benchmark (equal, or contains as columns).
 */
export function sameResult(gold: Rows, answer: Rows, ordered: boolean): boolean {
  if (gold.length !== answer.length) return false
  if (gold.length === 0) return true
  const goldWidth = gold[0]?.length ?? 0
  const answerWidth = answer[0]?.length ?? 0
  if (answerWidth < goldWidth) return false
  return assign(gold, answer, ordered, goldWidth, answerWidth, [])
}

/** Tries to give each gold column one of the answer's, skipping those whose values can not match. */
function assign(gold: Rows, answer: Rows, ordered: boolean, width: number, from: number, chosen: number[]): boolean {
  if (chosen.length === width)
    return sameRows(
      gold,
      answer.map((row) => chosen.map((i) => row[i] ?? null)),
      ordered,
    )
  const column = gold.map((row) => row[chosen.length] ?? null)
  for (let i = 0; i < from; i++) {
    if (chosen.includes(i)) continue
    const candidate = answer.map((row) => row[i] ?? null)
    if (!sameColumn(column, candidate, ordered)) continue
    if (assign(gold, answer, ordered, width, from, [...chosen, i])) return true
  }
  return false
}

const sameColumn = (a: Cell[], b: Cell[], ordered: boolean) =>
  sameRows(
    a.map((v) => [v]),
    b.map((v) => [v]),
    ordered,
  )

function sameRows(a: Rows, b: Rows, ordered: boolean): boolean {
  const [left, right] = ordered ? [a, b] : [sorted(a), sorted(b)]
  return left.every((row, i) => row.every((value, j) => sameCell(value, right[i]?.[j] ?? null)))
}

const sortKey = (cell: Cell) => (typeof cell === 'number' ? cell.toPrecision(6) : normal(cell))
const sorted = (rows: Rows) =>
  [...rows].sort((a, b) => {
    const [x, y] = [a, b].map((row) => JSON.stringify(row.map(sortKey))) as [string, string]
    return x < y ? -1 : x > y ? 1 : 0
  })

/** A date and the midnight that starts it are one value; so are `true` and 1. */
function normal(cell: Cell): string {
  if (cell === null) return '\0null'
  if (typeof cell === 'boolean') return cell ? '1' : '0'
  return String(cell).replace(/[T ]00:00:00(\.0+)?Z?$/, '')
}

function sameCell(a: Cell, b: Cell): boolean {
  const [x, y] = [a, b].map((cell) => (typeof cell === 'number' ? cell : Number.NaN)) as [number, number]
  if (!Number.isNaN(x) && !Number.isNaN(y))
    return Math.abs(x - y) <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(x), Math.abs(y))
  return normal(a) === normal(b)
}
