const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const STEPS = [
  [1e12, 'tn'],
  [1e9, 'bn'],
  [1e6, 'M'],
] as const

/** A count that may be huge, to two or three figures: `48,210`, `3.2 bn`, `100 M`. */
export function bigCount(count: number): string {
  for (const [size, name] of STEPS) {
    // What rounds up to the next step is written in it: 999.96 M is 1 bn.
    if (count >= size * 0.9995) {
      const value = count / size
      return `${value >= 99.95 ? Math.round(value) : Math.round(value * 10) / 10} ${name}`
    }
  }
  return whole.format(count)
}

const BYTES = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes for people, in powers of 1,000: `512 bytes`, `1.4 GB`. */
export function byteText(bytes: number): string {
  let value = bytes
  let step = 0
  while (value >= 999.5 && step < BYTES.length - 1) {
    value /= 1000
    step++
  }
  return `${value >= 99.5 || step === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${BYTES[step]}`
}
