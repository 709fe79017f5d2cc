import type { Cell } from '../contract/column.ts'
import type { PlanDialect } from './dialect.ts'

/** A string literal. Doubling the quote is the whole of standard quoting; NUL ends strings in some drivers, so it goes. */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`
}

/** A value of the data as a literal, never as SQL. */
export function literal(value: Cell, dialect: PlanDialect): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return dialect.boolean(value)
  if (typeof value === 'number') return Number.isFinite(value) ? plainNumber(value) : 'NULL'
  return quoteText(value)
}

/** Without an exponent where possible: `1e21` is a double in SQL, `10000` is not. */
function plainNumber(value: number): string {
  const text = String(value)
  return text.includes('e') && Number.isInteger(value) ? BigInt(value).toString() : text
}
