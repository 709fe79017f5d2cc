import type { PlotSeries } from './plot.ts'

/** Twice as many take ApexCharts half a second on a busy machine; a line of these is as fine as the pixels of the page. */
export const MOST_POINTS = 1000

/**
 * Which positions of long lines are drawn, or null when all are: of each stretch the place of the lowest and of the
 * highest value over all series, so that no peak is lost.
 */
export function decimate(series: readonly PlotSeries[], length: number): number[] | null {
  const most = Math.floor(MOST_POINTS / Math.max(1, series.length))
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

interface At {
  readonly x: number
  readonly y: number
}

/** About `most` of the points, evenly taken, and the outermost on each side: an outlier is what one looks for. */
export function sample<Point extends At>(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points
  const kept = new Set(Array.from({ length: most }, (_, i) => Math.floor((i * points.length) / most)))
  for (const side of ['x', 'y'] as const) {
    let [low, high] = [0, 0]
    points.forEach((point, i) => {
      if (point[side] < (points[low] as Point)[side]) low = i
      if (point[side] > (points[high] as Point)[side]) high = i
    })
    kept.add(low).add(high)
  }
  return points.filter((_, i) => kept.has(i))
}
