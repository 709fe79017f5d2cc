/**
 * The one text of a JSON value: RFC 8785 (JSON Canonicalization Scheme). No white space, keys in the order of their UTF-16 code
 * units, numbers and strings as ECMAScript writes them, which is what the RFC took over.
 * @throws TypeError for what JSON can not hold (NaN, a function) and for a lone surrogate, as the RFC demands.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>
    // The default order of `sort` is that of UTF-16 code units.
    const fields = Object.keys(record)
      .filter((key) => record[key] !== undefined)
      .sort()
      .map((key) => `${canonicalJson(key)}:${canonicalJson(record[key])}`)
    return `{${fields.join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`)
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('a lone surrogate has no JSON')
  const text = JSON.stringify(value)
  if (text === undefined) throw new TypeError(`JSON has no ${typeof value}`)
  return text
}
