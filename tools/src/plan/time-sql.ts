import type { ColumnType } from '../contract/column.ts'
import { quoteText } from './literal.ts'
import type { FieldRef, LeafCondition, TimePart } from './query-plan.ts'
import type { Scope } from './scope.ts'

const MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$/

/** A date or date-time literal; any other text stays a plain string literal, so that a plan can not smuggle SQL in. */
export function momentSql(iso: string, type: ColumnType, scope: Scope): string {
  return MOMENT.test(iso) ? scope.context.dialect.moment(iso, type) : quoteText(iso)
}

/** A recurring part of a time, read from a column that holds it when the model names one. */
export function partSql(ref: FieldRef, part: TimePart, scope: Scope): string {
  const { index, dialect } = scope.context
  const dimension = index.dimension(ref)
  const ready = part === 'weekday' || part === 'week' ? undefined : dimension.parts?.[part]
  if (ready !== undefined) return scope.expand(index.entity(ref.entity), scope.at(ref), ready)
  return dialect.part(part, scope.field(ref))
}

/** The one calendar month or year that a range covers, if it covers exactly one. */
function wholePeriod(from: string | undefined, to: string | undefined): { year: number; month?: number } | undefined {
  const start = /^(\d{4})-(\d{2})-01$/.exec(from ?? '')
  const end = /^(\d{4})-(\d{2})-01$/.exec(to ?? '')
  if (!start || !end) return undefined
  const months = (Number(end[1]) - Number(start[1])) * 12 + Number(end[2]) - Number(start[2])
  if (months === 1) return { year: Number(start[1]), month: Number(start[2]) }
  return months === 12 && start[2] === '01' ? { year: Number(start[1]) } : undefined
}

/** A half-open range, written with the part columns (`year = 2013 AND month = 7`) when they say it exactly. */
export function timeSql(leaf: Extract<LeafCondition, { kind: 'time' }>, scope: Scope): string {
  const dimension = scope.context.index.dimension(leaf.field)
  const period = wholePeriod(leaf.from, leaf.to)
  const { parts } = dimension
  if (period && parts?.year !== undefined && (period.month === undefined || parts.month !== undefined)) {
    const year = `${partSql(leaf.field, 'year', scope)} = ${period.year}`
    return period.month === undefined ? year : `${year} AND ${partSql(leaf.field, 'month', scope)} = ${period.month}`
  }
  const field = scope.field(leaf.field)
  const sides = [
    ...(leaf.from === undefined ? [] : [`${field} >= ${momentSql(leaf.from, dimension.type, scope)}`]),
    ...(leaf.to === undefined ? [] : [`${field} < ${momentSql(leaf.to, dimension.type, scope)}`]),
  ]
  return sides.length === 0 ? `${field} IS NOT NULL` : sides.join(' AND ')
}
