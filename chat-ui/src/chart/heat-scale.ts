import type { ChartPalette } from './palette.ts'
import type { Value } from './plot.ts'

export interface HeatStep {
  readonly from: number
  readonly to: number
  readonly color: string
}

/**
 * Equal steps of colour over the values. Values on both sides of zero get two hues that meet at zero, each side in steps
 * of the same size, as far as there are values; else one hue from few to many.
 */
export function heatScale(values: readonly Value[], palette: ChartPalette): HeatStep[] {
  const numbers = values.filter((value) => value !== null)
  if (numbers.length === 0) return []
  const low = numbers.reduce((a, b) => Math.min(a, b))
  const high = numbers.reduce((a, b) => Math.max(a, b))
  if (low < 0 && high > 0) {
    const reach = Math.max(-low, high)
    const both = steps(-reach, reach, [...palette.cool, ...palette.warm])
    return both.filter((step) => step.to > low && step.from <= high)
  }
  if (low === high) return [{ from: low, to: high, color: palette.rising[3] as string }]
  return steps(low, high, palette.rising)
}

/** A number that no step holds: what a place without a row is drawn with, so that it stays empty. */
export function outside(scale: readonly HeatStep[]): number {
  const lowest = scale[0]?.from ?? 0
  return lowest - Math.abs(lowest) - 1
}

function steps(low: number, high: number, colors: readonly string[]): HeatStep[] {
  const size = (high - low) / colors.length
  return colors.map((color, i) => ({
    from: low + i * size,
    to: i === colors.length - 1 ? high : low + (i + 1) * size,
    color,
  }))
}
