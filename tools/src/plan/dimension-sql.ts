import type { PlanDimension } from './query-plan.ts'
import type { Scope } from './scope.ts'
import { partSql } from './time-sql.ts'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** What a dimension groups by, and what sorts it when that is something else. */
export interface DimensionSql {
  sql: string
  order?: string
}

export function dimensionSql(dimension: PlanDimension, scope: Scope): DimensionSql {
  const { dialect, index } = scope.context
  if (dimension.part === 'weekday') {
    const number = partSql(dimension.field, 'weekday', scope)
    const cases = WEEKDAYS.map((name, at) => `WHEN ${at + 1} THEN '${name}'`).join(' ')
    return { sql: `CASE ${number} ${cases} END`, order: `min(${number})` }
  }
  if (dimension.part !== undefined) return { sql: partSql(dimension.field, dimension.part, scope) }
  if (dimension.grain !== undefined) {
    const { type } = index.dimension(dimension.field)
    return { sql: dialect.truncate(dimension.grain, scope.field(dimension.field), type) }
  }
  const field = scope.field(dimension.field)
  return { sql: dimension.bin === undefined ? field : dialect.bin(field, dimension.bin) }
}
