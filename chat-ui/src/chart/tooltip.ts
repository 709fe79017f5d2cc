import { formatCell } from '@plumbline/tools/contract'
import type { Plot } from './plot.ts'

/** Text made safe between tags and inside quoted attributes. ApexCharts puts tooltips into the page as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const row = (color: string | undefined, name: string, value: string) =>
  `<div class="tip-row">${color ? `<i style="background:${escapeHtml(color)}"></i>` : ''}<span>${escapeHtml(name)}</span><b>${escapeHtml(value)}</b></div>`

const card = (head: string, rows: readonly string[]) =>
  `<div class="tip">${head ? `<div class="tip-head">${escapeHtml(head)}</div>` : ''}${rows.join('')}</div>`

/**
 * The tooltip of one place of a chart, as HTML with every label and value escaped. `seriesIndex` is only looked at where
 * one point is meant; over a line, all series of that place are shown.
 */
export function tooltipHtml(plot: Plot, colors: readonly string[], seriesIndex: number, pointIndex: number): string {
  const one = plot.series[seriesIndex]
  if (!one) return ''
  const text = (value: number | null | undefined) => formatCell(value ?? null, plot.value, true)
  const color = (i: number) => colors[i % colors.length]
  if (plot.kind === 'scatter') {
    const x = one.xs?.[pointIndex]
    return card(plot.series.length > 1 ? one.name : '', [
      row(undefined, plot.x.label, scatterX(plot, x)),
      row(undefined, plot.value.label, text(one.values[pointIndex])),
    ])
  }
  const category = plot.categories[pointIndex] ?? ''
  if (plot.kind === 'heatmap') {
    return card(`${one.name} · ${category}`, [row(undefined, plot.value.label, text(one.values[pointIndex]))])
  }
  if (plot.kind === 'bar') return card(category, [row(color(seriesIndex), one.name, text(one.values[pointIndex]))])
  return card(
    category,
    plot.series.map((each, i) => row(color(i), each.name, text(each.values[pointIndex]))),
  )
}

/** The x of a point of a scatter for people. */
export function scatterX(plot: Plot, x: number | undefined): string {
  if (x === undefined) return '–'
  const isTime = plot.x.type === 'date' || plot.x.type === 'timestamp'
  return formatCell(isTime ? new Date(x).toISOString() : x, plot.x, true)
}
