import type { PlanDialect } from '../dialect.ts'
import { quoteIdentifier } from '../identifier.ts'
import { quoteText } from '../literal.ts'
import { duckdb } from './duckdb.ts'

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

export const postgresql: PlanDialect = {
  name: 'postgresql',
  identifier: (name) => quoteIdentifier(name, UNRESERVED),
  moment: duckdb.moment,
  truncate: (grain, sql, type) =>
    type === 'date' && grain === 'day'
      ? sql
      : `CAST(date_trunc(${quoteText(grain)}, ${sql}) AS ${grain === 'hour' ? 'timestamp' : 'date'})`,
  part: duckdb.part,
  divide: duckdb.divide,
  median: (sql) => `percentile_cont(0.5) WITHIN GROUP (ORDER BY ${sql})`,
  correlation: duckdb.correlation,
  like: duckdb.like,
  boolean: duckdb.boolean,
  bin: duckdb.bin,
}
