import { type Cell, type ChartAxis, type ChartSpec, type Column, formatCell, unitText } from '@plumbline/tools/contract'
import { decimate, MOST_POINTS, sample } from './decimate.ts'
import { tickLabels } from './tick-labels.ts'
import { timeBuckets } from './time-buckets.ts'

export type DrawnSpec = Exclude<ChartSpec, { kind: 'number' }>
export type Value = number | null

export interface PlotSeries {
  readonly name: string
  /** One value a category; for a scatter, one a point. */
  readonly values: readonly Value[]
  /** Only for a scatter. */
  readonly xs?: readonly number[]
}

/** What is drawn, ready to be turned into options of a charting library: texts are plain text, never markup. */
export interface Plot {
  readonly kind: DrawnSpec['kind']
  readonly horizontal: boolean
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  /** Along the category axis, short; the full ones are for tooltips. */
  readonly ticks: readonly string[]
  readonly categories: readonly string[]
  readonly series: readonly PlotSeries[]
  readonly x: Column
  readonly value: Column
  /** What was left out of the picture, for the reader. */
  readonly note?: string
}

interface Result {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

const unknown = (name: string): Column => ({ name, label: name, type: 'number' })

/** "Average delay (min)"; the first letter stands large, the unit once. */
export function axisTitle(axis: ChartAxis, shared?: string): string {
  const label = axis.label.charAt(0).toUpperCase() + axis.label.slice(1)
  const unit = unitText(axis.unit)
  const text = unit && !label.includes(`(${unit})`) ? `${label} (${unit})` : label
  return shared ? `${text}, ${shared}` : text
}

/** A number of the result; numbers that came as text (beyond 2^53) are drawn as nearly as a double can hold them. */
function toValue(cell: Cell | undefined, column: Column): Value {
  if (typeof cell === 'number') return cell
  if (typeof cell !== 'string' || cell === '') return null
  if (column.type === 'date' || column.type === 'timestamp') return finite(Date.parse(cell))
  return column.type === 'integer' || column.type === 'number' ? finite(Number(cell)) : null
}

const finite = (number: number): Value => (Number.isFinite(number) ? number : null)

/** The distinct cells of an axis in the order they are drawn: times and numbers in their own, names in that of the rows. */
function axisCells(cells: readonly Cell[], column: Column, fill: boolean): Cell[] {
  if (column.type === 'date' || column.type === 'timestamp') {
    const times = timeBuckets(cells, fill ? column.grain : undefined, 20_000)
    return cells.includes(null) ? [...times, null] : times
  }
  const distinct = [...new Set(cells)]
  const isOrdered = column.role === 'time' || (column.role === 'dimension' && column.type !== 'string')
  return isOrdered && distinct.every((cell) => typeof cell === 'number')
    ? distinct.toSorted((a, b) => Number(a) - Number(b))
    : distinct
}

/** The picture of a result. Rows beyond what can be told apart are left out, and `note` says so. */
export function plotOf(spec: DrawnSpec, result: Result): Plot {
  const index = (name: string) => result.columns.findIndex((column) => column.name === name)
  const columnOf = (name: string) => result.columns[index(name)] ?? unknown(name)
  const measures = spec.kind === 'heatmap' ? [spec.value] : spec.y
  const [first] = measures as [ChartAxis]
  const x = columnOf(spec.x.column)
  const base = {
    kind: spec.kind,
    horizontal: spec.kind === 'bar' && spec.horizontal,
    title: spec.title,
    x,
    value: columnOf(first.column),
    yTitle: axisTitle(spec.kind === 'heatmap' ? spec.y : measures.length === 1 ? first : { ...first, label: 'Value' }),
  }
  const group = spec.kind === 'heatmap' ? spec.y.column : spec.series
  const limit = spec.kind === 'bar' ? spec.limit : undefined
  const rows = limit === undefined ? result.rows : result.rows.slice(0, limit)

  if (spec.kind === 'scatter') return scatter(spec, base, rows, index, columnOf)

  const xCells = rows.map((row) => row[index(spec.x.column)] ?? null)
  const xs = axisCells(xCells, x, spec.kind !== 'bar')
  const position = new Map(xs.map((cell, i) => [cell, i]))
  const groupColumn = group === undefined ? undefined : columnOf(group)
  const groupCells =
    group === undefined || !groupColumn
      ? []
      : axisCells(
          rows.map((row) => row[index(group)] ?? null),
          groupColumn,
          false,
        )
  const series: PlotSeries[] =
    group === undefined || !groupColumn
      ? measures.map((axis) => {
          const values: Value[] = new Array<Value>(xs.length).fill(null)
          rows.forEach((row, i) => {
            values[position.get(xCells[i] ?? null) ?? 0] = toValue(row[index(axis.column)], columnOf(axis.column))
          })
          return { name: axis.label, values }
        })
      : groupCells.map((cell) => {
          const values: Value[] = new Array<Value>(xs.length).fill(null)
          rows.forEach((row, i) => {
            if ((row[index(group)] ?? null) === cell) {
              values[position.get(xCells[i] ?? null) ?? 0] = toValue(row[index(first.column)], base.value)
            }
          })
          return { name: formatCell(cell, groupColumn), values }
        })
  const kept = spec.kind === 'line' ? decimate(series, xs.length) : null
  const pick = <Item>(items: readonly Item[]) => (kept ? kept.map((i) => items[i] as Item) : items)
  const { labels, shared } = tickLabels(pick(xs), x)
  return {
    ...base,
    xTitle: axisTitle(spec.x, shared),
    ticks: labels,
    categories: pick(xs).map((cell) => formatCell(cell, x)),
    series: series.map((one) => ({ ...one, values: pick(one.values) })),
    ...(kept
      ? {
          note: `Drawn from ${kept.length.toLocaleString('en-US')} of ${xs.length.toLocaleString('en-US')} points; the table has all.`,
        }
      : {}),
  }
}

function scatter(
  spec: Extract<DrawnSpec, { kind: 'scatter' }>,
  base: Pick<Plot, 'kind' | 'horizontal' | 'title' | 'x' | 'value' | 'yTitle'>,
  rows: Result['rows'],
  index: (name: string) => number,
  columnOf: (name: string) => Column,
): Plot {
  const points = spec.y.flatMap((axis) =>
    rows.flatMap((row) => {
      const x = toValue(row[index(spec.x.column)], base.x)
      const y = toValue(row[index(axis.column)], columnOf(axis.column))
      if (x === null || y === null) return []
      const name = spec.series ? formatCell(row[index(spec.series)] ?? null, columnOf(spec.series)) : axis.label
      return [{ x, y, name }]
    }),
  )
  const drawn = sample(points, MOST_POINTS)
  const series = [...Map.groupBy(drawn, (point) => point.name)].map(([name, own]) => ({
    name,
    values: own.map((point) => point.y),
    xs: own.map((point) => point.x),
  }))
  return {
    ...base,
    xTitle: axisTitle(spec.x),
    ticks: [],
    categories: [],
    series,
    ...(drawn.length < points.length
      ? {
          note: `${drawn.length.toLocaleString('en-US')} of ${points.length.toLocaleString('en-US')} points are drawn, the outermost among them; the table has all.`,
        }
      : {}),
  }
}
