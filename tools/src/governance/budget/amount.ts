const SCALES = [
  [1e15, 'quadrillion'],
  [1e12, 'trillion'],
  [1e9, 'billion'],
  [1e6, 'million'],
] as const
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** "113 billion rows", "50 million rows", "336,776 rows", "2.1 GB". */
export function amount(figure: 'scanRows' | 'scanBytes', value: number): string {
  return figure === 'scanRows' ? `${words(value)} rows` : bytes(value)
}

function words(value: number): string {
  if (value >= 1e18) return value.toExponential(1).replace('e+', ' × 10^')
  const [scale, name] = SCALES.find(([from]) => value >= from) ?? [1, '']
  return name === '' ? Math.round(value).toLocaleString('en-US') : `${Number((value / scale).toPrecision(3))} ${name}`
}

function bytes(value: number): string {
  const power = Math.min(UNITS.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3))
  return `${Number((value / 1000 ** power).toPrecision(3))} ${UNITS[power]}`
}
