const PARTS = /^(-?[\d,]+)(?:\.(\d+))?(%?)$/

/** Decimals beyond these are those of a very small number, which others are not padded to. */
const MOST_DECIMALS = 2

/**
 * Numbers of one column with the same number of decimals, so that they line up: `15.8` above `15.56` becomes `15.80`.
 * Texts that are no number stay as they are, and so does a column with a number too small for two decimals.
 */
export function alignDecimals(texts: readonly string[]): string[] {
  const parts = texts.map((text) => PARTS.exec(text))
  const decimals = parts.reduce((most, part) => Math.max(most, part?.[2]?.length ?? 0), 0)
  if (decimals === 0 || decimals > MOST_DECIMALS) return [...texts]
  return texts.map((text, i) => {
    const part = parts[i]
    if (!part || text === '0') return text
    const [, whole, fraction = '', percent] = part
    return `${whole}.${fraction.padEnd(decimals, '0')}${percent}`
  })
}
