import { type Cell, type ChartSpec, type Column, formatCell } from '@plumbline/tools/contract'

export interface Point {
  readonly x: string | number
  readonly y: number | null
}
export interface Series {
  readonly name: string
  readonly data: Point[]
}

type Rows = readonly (readonly Cell[])[]

/**
 * ApexCharts writes labels and tooltips as HTML. Angle brackets become look-alikes, so that no value of the data can be
 * markup there, and an ampersand can not start an entity.
 */
export function chartText(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆')
}

const indexOf = (columns: readonly Column[], name: string) => columns.findIndex((column) => column.name === name)
const numeric = (cell: Cell | undefined) => (typeof cell === 'number' ? cell : null)

/** The series of a chart, categories in the order of the rows; a missing combination is a gap, not a zero. */
export function chartSeries(
  spec: Exclude<ChartSpec, { kind: 'number' }>,
  columns: readonly Column[],
  all: Rows,
): Series[] {
  const rows = spec.kind === 'bar' && spec.limit !== undefined ? all.slice(0, spec.limit) : all
  if (spec.kind === 'heatmap') return pivot(rows, columns, spec.x.column, spec.y.column, spec.value.column, true)
  if (spec.series !== undefined && spec.y[0]) {
    return pivot(rows, columns, spec.x.column, spec.series, spec.y[0].column, spec.kind !== 'scatter')
  }
  const x = indexOf(columns, spec.x.column)
  return spec.y.map((axis) => {
    const y = indexOf(columns, axis.column)
    return {
      name: chartText(axis.label),
      data: rows.map((row) => ({ x: xValue(row[x], columns[x], spec.kind), y: numeric(row[y]) })),
    }
  })
}

function xValue(cell: Cell | undefined, column: Column | undefined, kind: ChartSpec['kind']): string | number {
  if (kind === 'scatter' && typeof cell === 'number') return cell
  return column ? chartText(formatCell(cell ?? null, column)) : ''
}

function pivot(
  rows: Rows,
  columns: readonly Column[],
  xName: string,
  seriesName: string,
  yName: string,
  fill: boolean,
): Series[] {
  const [x, s, y] = [xName, seriesName, yName].map((name) => indexOf(columns, name)) as [number, number, number]
  const label = (row: readonly Cell[], i: number) => {
    const column = columns[i]
    return column ? chartText(formatCell(row[i] ?? null, column)) : ''
  }
  if (!fill) {
    return [...Map.groupBy(rows, (row) => label(row, s))].map(([name, own]) => ({
      name,
      data: own.map((row) => ({ x: numeric(row[x]) ?? label(row, x), y: numeric(row[y]) })),
    }))
  }
  const xs = [...new Set(rows.map((row) => label(row, x)))]
  const values = new Map(rows.map((row) => [`${label(row, s)}\0${label(row, x)}`, numeric(row[y])]))
  return [...new Set(rows.map((row) => label(row, s)))].map((name) => ({
    name,
    data: xs.map((at) => ({ x: at, y: values.get(`${name}\0${at}`) ?? null })),
  }))
}
