import type { ColumnType, TimeGrain } from '../contract/column.ts'
import type { TimePart } from './query-plan.ts'

/** What differs between databases when a plan is written as SQL. All arguments are SQL already, unless named `text`. */
export interface PlanDialect {
  readonly name: string
  identifier(name: string): string
  /** A date or a date-time without zone as a literal of the type of the field it is compared with. */
  moment(iso: string, type: ColumnType): string
  truncate(grain: TimeGrain, sql: string, type: ColumnType): string
  part(part: TimePart, sql: string): string
  /** Division that keeps fractions and gives NULL for a zero divisor. */
  divide(above: string, below: string): string
  median(sql: string): string
  correlation(x: string, y: string): string
  /** Case-blind `LIKE`; `pattern` is a string literal that escapes with a backslash. */
  like(sql: string, pattern: string): string
  boolean(value: boolean): string
  /** Rounded down to a multiple of `width`. */
  bin(sql: string, width: number): string
}
