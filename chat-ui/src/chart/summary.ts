import { formatCell } from '@plumbline/tools/contract'
import type { Plot } from './plot.ts'
import { scatterX } from './tooltip.ts'

const KINDS = { line: 'Line chart', bar: 'Bar chart', scatter: 'Scatter chart', heatmap: 'Heat map' } as const

/** What a screen reader says instead of the picture: what it is, its axes, its lowest and its highest value. */
export function chartSummary(plot: Plot): string {
  const points = plot.series.flatMap((one) =>
    one.values.flatMap((value, i) => {
      if (value === null) return []
      const at = plot.kind === 'scatter' ? scatterX(plot, one.xs?.[i]) : (plot.categories[i] ?? '')
      return [{ value, where: plot.series.length > 1 ? `${one.name}, ${at}` : at }]
    }),
  )
  const opening = `${KINDS[plot.kind]}: ${plot.title.replace(/\.$/, '')}. `
  const [first] = points
  if (!first) return `${opening}There are no values to draw.`
  const low = points.reduce((a, b) => (b.value < a.value ? b : a), first)
  const high = points.reduce((a, b) => (b.value > a.value ? b : a), first)
  const say = (point: typeof first) => `${formatCell(point.value, plot.value, true)} (${point.where})`
  return `${opening}${plot.value.label} by ${plot.xTitle}, ${points.length.toLocaleString('en-US')} values; lowest ${say(low)}, highest ${say(high)}. ${plot.note ?? 'The table has all of them.'}`
}
