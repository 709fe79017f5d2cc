import type { PlotSeries } from './plot.ts'

/** More points than these take ApexCharts longer than half a second; a line of them is as fine as the pixels of the page. */
export const MOST_POINTS = 2000
export const MOST_LINE_POINTS = 1000

/**
 * Which positions of long lines are drawn, or null when all are: of each stretch the place of the lowest and of the
 * highest value over all series, so that no peak is lost.
 */
export function decimate(series: readonly PlotSeries[], length: number): number[] | null {
  const most = Math.floor(MOST_LINE_POINTS / Math.max(1, series.length))
  if (length <= most) return null
  const stretches = Math.max(1, Math.floor(most / 2))
  const kept = new Set<number>([0, length - 1])
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * length) / stretches)
    const until = Math.floor(((stretch + 1) * length) / stretches)
    let [low, high, lowAt, highAt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, from, from]
    for (const { values } of series) {
      for (let i = from; i < until; i++) {
        const value = values[i]
        if (value === null || value === undefined) continue
        if (value < low) [low, lowAt] = [value, i]
        if (value > high) [high, highAt] = [value, i]
      }
    }
    kept.add(lowAt).add(highAt)
  }
  return [...kept].sort((a, b) => a - b)
}

/** At most `most` items, evenly taken. */
export function sample<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)] as Item)
}
