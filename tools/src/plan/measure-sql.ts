import { AppError } from '../errors/index.ts'
import type { Measure } from '../semantic/index.ts'
import { conditionsSql } from './condition-sql.ts'
import type { ModelIndex } from './model-index.ts'
import type { PlanMeasure } from './query-plan.ts'
import type { CompileContext, Scope } from './scope.ts'

/** The entity whose rows a measure aggregates. */
export function measureEntity(measure: PlanMeasure, index: ModelIndex): string {
  switch (measure.kind) {
    case 'aggregate':
      return measure.field.entity
    case 'share-of-total':
    case 'nested':
      return measureEntity(measure.of, index)
    case 'difference':
      return measureEntity(measure.left, index)
    case 'correlation':
      return measure.y.entity
    default:
      return measure.entity
  }
}

/** Still right when the rows of its entity repeat in a join: counts go over the key, extremes do not care. */
export function survivesRepetition(measure: PlanMeasure): boolean {
  if (measure.kind === 'count') return true
  if (measure.kind === 'aggregate') return ['min', 'max', 'count_distinct'].includes(measure.fn)
  return measure.kind === 'share-of-total' && survivesRepetition(measure.of)
}

/** The key of an entity as one SQL value. */
export function keySql(entity: string, alias: string, scope: Scope): string | undefined {
  const { key } = scope.context.index.entity(entity)
  const columns = key.map((column) => scope.raw(entity, alias, column))
  if (columns.length <= 1) return columns[0]
  return columns.map((column) => `CAST(${column} AS VARCHAR)`).join(" || '|' || ")
}

function filtered(aggregate: string, conditions: string[]): string {
  return conditions.length === 0 ? aggregate : `${aggregate} FILTER (WHERE ${conditions.join(' AND ')})`
}

function plainAggregate(fn: string, sql: string, context: CompileContext): string {
  if (fn === 'count_distinct') return `count(DISTINCT ${sql})`
  return fn === 'median' ? context.dialect.median(sql) : `${fn}(${sql})`
}

function namedSql(measure: Measure, entityName: string, scope: Scope, where: string[]): string {
  const { dialect, index } = scope.context
  const entity = index.entity(entityName)
  const alias = scope.at({ entity: entityName })
  const expand = (sql: string) => scope.expand(entity, alias, sql)
  const conditions = [...(measure.filter === undefined ? [] : [expand(measure.filter)]), ...where]
  const inner =
    measure.expression !== undefined
      ? expand(measure.expression)
      : measure.column !== undefined
        ? scope.raw(entityName, alias, measure.column)
        : undefined
  switch (measure.aggregate) {
    case 'count':
      return filtered(inner === undefined ? 'count(*)' : `count(${inner})`, conditions)
    case 'ratio': {
      const above = expand(measure.numerator ?? '1 = 1')
      if (measure.denominator === undefined && conditions.length === 0) {
        return `avg(CASE WHEN ${above} THEN 1.0 ELSE 0.0 END)`
      }
      const below = [...(measure.denominator === undefined ? [] : [expand(measure.denominator)]), ...conditions]
      return dialect.divide(filtered('count(*)', [...below, above]), filtered('count(*)', below))
    }
    case 'expression':
      if (conditions.length > 0) {
        throw new AppError('QUERY_TOO_COMPLEX', `${measure.label} can not be limited to some rows inside one query.`)
      }
      return inner ?? 'count(*)'
    default:
      return filtered(plainAggregate(measure.aggregate, inner ?? '1', scope.context), conditions)
  }
}

/** A measure as an aggregate expression over the rows of the scope. */
export function measureSql(measure: PlanMeasure, scope: Scope): string {
  const { dialect, index } = scope.context
  const where = conditionsSql(measure.where ?? [], scope)
  switch (measure.kind) {
    case 'measure':
      return namedSql(index.measure(measure.entity, measure.name), measure.entity, scope, where)
    case 'count': {
      if (measure.entity === scope.root) return filtered('count(*)', where)
      const key = keySql(measure.entity, scope.at({ entity: measure.entity }), scope)
      return filtered(key === undefined ? 'count(*)' : `count(DISTINCT ${key})`, where)
    }
    case 'aggregate':
      return filtered(plainAggregate(measure.fn, scope.field(measure.field), scope.context), where)
    case 'share': {
      const above = conditionsSql(measure.of, scope)
      if (where.length === 0) return `avg(CASE WHEN ${above.join(' AND ')} THEN 1.0 ELSE 0.0 END)`
      return dialect.divide(filtered('count(*)', [...where, ...above]), filtered('count(*)', where))
    }
    case 'share-of-total': {
      const of = measureSql(measure.of, scope)
      return dialect.divide(of, `sum(${of}) OVER ()`)
    }
    case 'difference':
      return `${measureSql(measure.left, scope)} - ${measureSql(measure.right, scope)}`
    case 'correlation':
      return dialect.correlation(scope.field(measure.x), scope.field(measure.y))
    case 'nested':
      throw new AppError('QUERY_TOO_COMPLEX', 'An aggregate of an aggregate must be a measure of its own.')
  }
}
