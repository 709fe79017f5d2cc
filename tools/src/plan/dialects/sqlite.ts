import type { TimeGrain } from '../../contract/column.ts'
import type { PlanDialect } from '../dialect.ts'
import { quoteIdentifier } from '../identifier.ts'
import { quoteText } from '../literal.ts'
import type { TimePart } from '../query-plan.ts'

const UNRESERVED = new Set(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'date', 'value', 'time'])

/** SQLite has no date type: times are ISO text, so they are cut by strftime and compared as text. */
const CUT: Record<Exclude<TimeGrain, 'quarter' | 'week'>, string> = {
  hour: '%Y-%m-%d %H:00:00',
  day: '%Y-%m-%d',
  month: '%Y-%m-01',
  year: '%Y-01-01',
}
const PART: Record<Exclude<TimePart, 'quarter' | 'weekday'>, string> = {
  hour: '%H',
  day: '%d',
  week: '%W',
  month: '%m',
  year: '%Y',
}

function part(which: TimePart, sql: string): string {
  if (which === 'quarter') return `((CAST(strftime('%m', ${sql}) AS INTEGER) + 2) / 3)`
  if (which === 'weekday') return `((CAST(strftime('%w', ${sql}) AS INTEGER) + 6) % 7 + 1)`
  return `CAST(strftime(${quoteText(PART[which])}, ${sql}) AS INTEGER)`
}

function truncate(grain: TimeGrain, sql: string): string {
  if (grain === 'week') return `date(${sql}, 'weekday 0', '-6 days')`
  if (grain === 'quarter') {
    return `date(${sql}, 'start of month', '-' || ((CAST(strftime('%m', ${sql}) AS INTEGER) - 1) % 3) || ' months')`
  }
  return `strftime(${quoteText(CUT[grain])}, ${sql})`
}

export const sqlite: PlanDialect = {
  name: 'sqlite',
  identifier: (name) => quoteIdentifier(name, UNRESERVED),
  moment: (iso) => quoteText(iso.replace('T', ' ')),
  truncate,
  part,
  divide: (above, below) => `${above} * 1.0 / nullif(${below}, 0)`,
  // The percentile extension is compiled into the shell and into builds with SQLITE_ENABLE_PERCENTILE.
  median: (sql) => `percentile(${sql}, 50)`,
  // Pearson from sums over the rows that have both, as SQLite has no corr().
  correlation: (x, y) => {
    const both = (value: string) => `CASE WHEN ${x} IS NOT NULL AND ${y} IS NOT NULL THEN ${value} * 1.0 END`
    const n = `count(${both('1')})`
    const sum = (value: string) => `sum(${both(`(${value})`)})`
    const spread = (v: string) => `sqrt(${n} * ${sum(`(${v}) * (${v})`)} - ${sum(v)} * ${sum(v)})`
    return `(${n} * ${sum(`(${x}) * (${y})`)} - ${sum(x)} * ${sum(y)}) / nullif(${spread(x)} * ${spread(y)}, 0)`
  },
  like: (sql, pattern) => `${sql} LIKE ${pattern} ESCAPE '\\'`,
  boolean: (value) => (value ? '1' : '0'),
  bin: (sql, width) => (width === 1 ? `round(${sql})` : `floor(${sql} / ${width}) * ${width}`),
}
