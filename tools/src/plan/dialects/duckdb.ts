import type { PlanDialect } from '../dialect.ts'
import { quoteIdentifier } from '../identifier.ts'
import { quoteText } from '../literal.ts'

/** Not reserved in DuckDB (tried in 1.5). */
const UNRESERVED = new Set([
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'date',
  'key',
  'value',
  'time',
])

export const duckdb: PlanDialect = {
  name: 'duckdb',
  identifier: (name) => quoteIdentifier(name, UNRESERVED),
  moment: (iso, type) =>
    type === 'date' && iso.length === 10
      ? `DATE ${quoteText(iso)}`
      : `TIMESTAMP ${quoteText(iso.length === 10 ? `${iso} 00:00:00` : iso.replace('T', ' '))}`,
  // date_trunc gives a TIMESTAMP even for a DATE since 1.5; a month is a date.
  truncate: (grain, sql, type) => {
    if (type === 'date' && grain === 'day') return sql
    const cut = `date_trunc(${quoteText(grain)}, ${sql})`
    return grain === 'hour' ? cut : `CAST(${cut} AS DATE)`
  },
  part: (part, sql) => `extract(${part === 'weekday' ? 'isodow' : part} FROM ${sql})`,
  divide: (above, below) => `${above} * 1.0 / nullif(${below}, 0)`,
  median: (sql) => `median(${sql})`,
  correlation: (x, y) => `corr(${x}, ${y})`,
  like: (sql, pattern) => `${sql} ILIKE ${pattern} ESCAPE '\\'`,
  boolean: (value) => (value ? 'TRUE' : 'FALSE'),
  bin: (sql, width) => (width === 1 ? `round(${sql})` : `floor(${sql} / ${width}) * ${width}`),
}
