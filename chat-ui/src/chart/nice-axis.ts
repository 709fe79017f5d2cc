/** Round numbers for an axis, the values inside: steps of 1, 2 or 5 times a power of ten, about `ticks` of them. */
export function niceAxis(
  low: number,
  high: number,
  ticks = 8,
): { min: number; max: number; tickAmount: number } | null {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low === high) return null
  const rough = (high - low) / ticks
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const [min, max] = [Math.floor(low / step) * step, Math.ceil(high / step) * step]
  return { min, max, tickAmount: Math.round((max - min) / step) }
}
