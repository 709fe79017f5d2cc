import { type Answer, type Cell, type Column, formatCell } from '@plumbline/tools/contract'
import { plainText, type Style } from './style.ts'

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const LEVELS = '▁▂▃▄▅▆▇█'
const MAX_BARS = 15
const BAR_WIDTH = 40

/** A small chart in characters: bars for categories, a line of blocks over time; null where the table says it better. */
export function renderChart(answer: Pick<Answer, 'chart' | 'columns' | 'rows'>, style: Style): string | null {
  const { chart, columns, rows } = answer
  if (!chart || (chart.kind !== 'bar' && chart.kind !== 'line') || chart.series !== undefined || rows.length < 2)
    return null
  const x = columns.findIndex((column) => column.name === chart.x.column)
  const y = columns.findIndex((column) => column.name === chart.y[0]?.column)
  const [label, measure] = [columns[x], columns[y]]
  if (!label || !measure) return null
  const points = rows.map((row) => ({ name: plainText(formatCell(row[x] ?? null, label)), value: row[y] ?? null }))
  return chart.kind === 'bar' ? bars(points.slice(0, MAX_BARS), measure, style) : blocks(points, measure, style)
}

interface Point {
  readonly name: string
  readonly value: Cell
}

const number = (cell: Cell) => (typeof cell === 'number' ? cell : 0)

function bars(points: readonly Point[], measure: Column, style: Style): string | null {
  // A bar to the left of nothing says nothing: values below zero are left to the table.
  if (points.some((point) => number(point.value) < 0)) return null
  const most = Math.max(...points.map((point) => number(point.value)))
  const nameWidth = Math.min(28, Math.max(...points.map((point) => point.name.length)))
  const room = Math.max(10, Math.min(BAR_WIDTH, style.width - nameWidth - 16))
  return points
    .map(({ name, value }) => {
      const eighths = most === 0 ? 0 : Math.round((number(value) / most) * room * 8)
      const bar = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
      const shown = name.length > nameWidth ? `${name.slice(0, nameWidth - 1)}…` : name.padEnd(nameWidth)
      return `${shown} ${style.accent(bar)} ${formatCell(value, measure, true)}`
    })
    .join('\n')
}

function blocks(points: readonly Point[], measure: Column, style: Style): string | null {
  const known = points.filter((point) => typeof point.value === 'number')
  const [first, last] = [points[0], points.at(-1)]
  if (known.length < 2 || !first || !last || points.length > style.width) return null
  const values = known.map((point) => number(point.value))
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const line = points.map(({ value }) => {
    if (typeof value !== 'number') return ' '
    return LEVELS[high === low ? 3 : Math.round(((value - low) / (high - low)) * (LEVELS.length - 1))]
  })
  const range = `${formatCell(low, measure, true)} to ${formatCell(high, measure, true)}`
  return `${style.accent(line.join(''))}\n${style.dim(`${first.name} – ${last.name}, ${range}`)}`
}
