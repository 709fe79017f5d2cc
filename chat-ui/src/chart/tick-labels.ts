import { type Cell, type Column, formatCell } from '@plumbline/tools/contract'

const YEAR = / ?\d{4}(?=,|$)/

/** What stands under the axis and in the axis title: a year that all ticks share is said once. */
export function tickLabels(cells: readonly Cell[], column: Column): { labels: string[]; shared?: string } {
  const labels = cells.map((cell) => formatCell(cell, column))
  const isTime = column.type === 'date' || column.type === 'timestamp'
  if (!isTime || column.grain === 'year' || labels.length < 2) return { labels }
  const years = new Set(labels.map((label) => YEAR.exec(label)?.[0].trim()))
  const [year] = years
  if (years.size !== 1 || !year) return { labels }
  return { labels: labels.map((label) => label.replace(YEAR, '').replace(/^week of /, '')), shared: year }
}

const CHARACTER_PX = 6.6
const GAP_PX = 14

/** Every how many labels one is written, so that none touches the next on an axis of `width` pixels. */
export function labelStep(labels: readonly string[], width: number): number {
  const longest = Math.max(1, ...labels.map((label) => label.length)) * CHARACTER_PX + GAP_PX
  return Math.max(1, Math.ceil((labels.length * longest) / Math.max(width, longest)))
}

/** The labels with all but each `step`-th left empty. */
export function thinned(labels: readonly string[], step: number): string[] {
  return labels.map((label, i) => (i % step === 0 ? label : ''))
}
