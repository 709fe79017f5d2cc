import { conditionsSql } from './condition-sql.ts'
import { type DimensionSql, dimensionSql } from './dimension-sql.ts'
import { joinPath } from './join-path.ts'
import { keySql, measureEntity, measureSql, survivesRepetition } from './measure-sql.ts'
import type { Having, PlanDimension, PlanMeasure, QueryPlan } from './query-plan.ts'
import { rootEntity } from './root-entity.ts'
import { type CompileContext, Scope } from './scope.ts'

/** One SELECT that groups: the measures of one entity under the plan's dimensions. */
export interface Block {
  sql: string
  /** Expression by which a dimension is sorted when its own value would not do. */
  orders: (string | undefined)[]
}

export interface NamedMeasure {
  name: string
  measure: PlanMeasure
}

function groupBy(parts: string[], keys: string[]): string {
  if (parts.length === 0) return ''
  // A long expression is repeated by its place, so that the statement stays readable.
  const terms = [...parts.map((sql, at) => (sql.length > 40 ? String(at + 1) : sql)), ...keys]
  return `\nGROUP BY ${[...new Set(terms)].join(', ')}`
}

function keysOf(dimensions: readonly PlanDimension[], scope: Scope): string[] {
  return dimensions.flatMap((dimension) => {
    if (!dimension.byKey) return []
    const { entity } = dimension.field
    const alias = scope.at(dimension.field)
    return scope.context.index.entity(entity).key.map((column) => scope.raw(entity, alias, column))
  })
}

function select(columns: string[], distinct = false): string {
  return `SELECT${distinct ? ' DISTINCT' : ''} ${columns.join(',\n       ')}`
}

function whereSql(conditions: string[]): string {
  return conditions.length === 0 ? '' : `\nWHERE ${conditions.join('\n  AND ')}`
}

const as = (sql: string, name: string, context: CompileContext) =>
  sql === name ? sql : `${sql} AS ${context.dialect.identifier(name)}`

/**
 * Measures over the rows of one entity. Where a dimension lies on the many side, the rows of the entity would repeat in
 * the join and be counted twice; then the pairs (dimension, key) are made distinct first and the measures run over them.
 */
export function block(
  plan: QueryPlan,
  measures: NamedMeasure[],
  having: Having[],
  names: string[],
  context: CompileContext,
): Block {
  const { index } = context
  const all = [...measures.map((named) => named.measure), ...having.map((part) => part.measure)]
  const entity = all[0] ? measureEntity(all[0], index) : plan.base
  const reach = [
    ...all.flatMap((measure) =>
      measure.kind === 'correlation' ? [measure.x, measure.y] : [{ entity: measureEntity(measure, index) }],
    ),
    ...plan.dimensions.map((dimension) => dimension.field),
  ]
  const root = rootEntity(entity, reach, index)
  const scope = new Scope(context, root)
  const repeats = root !== entity && (joinPath(index.model, root, entity)?.length ?? 0) > 0
  if (repeats && !all.every(survivesRepetition) && index.entity(entity).key.length > 0) {
    return distinctBlock(plan, measures, having, names, entity, scope)
  }
  const dimensions = plan.dimensions.map((dimension) => dimensionSql(dimension, scope))
  const columns = [
    ...dimensions.map((dimension, at) => as(dimension.sql, names[at] ?? 'value', context)),
    ...measures.map(({ name, measure }) => as(measureSql(measure, scope), name, context)),
  ]
  const conditions = conditionsSql(plan.filters, scope)
  const keys = keysOf(plan.dimensions, scope)
  const groups = groupBy(
    dimensions.map((part) => part.sql),
    keys,
  )
  const sql = `${select(columns)}\n${scope.from()}${whereSql(conditions)}${groups}${havingSql(having, scope)}`
  return { sql, orders: dimensions.map((dimension) => dimension.order) }
}

function havingSql(having: Having[], scope: Scope): string {
  if (having.length === 0) return ''
  const parts = having.map((part) => `${measureSql(part.measure, scope)} ${part.op} ${Number(part.value)}`)
  return `\nHAVING ${parts.join(' AND ')}`
}

function distinctBlock(
  plan: QueryPlan,
  measures: NamedMeasure[],
  having: Having[],
  names: string[],
  entity: string,
  scope: Scope,
): Block {
  const { context } = scope
  const { dialect } = context
  const parts: DimensionSql[] = plan.dimensions.map((dimension) => dimensionSql(dimension, scope))
  const key = keySql(entity, scope.at({ entity }), scope) ?? 'NULL'
  const conditions = conditionsSql(plan.filters, scope)
  const pairs = select(
    [...parts.map((part, at) => as(part.sql, names[at] ?? 'value', context)), `${key} AS row_key`],
    true,
  )
  const from = `${pairs}\n${scope.from()}${whereSql(conditions)}`
  // A statement of its own beside the pairs: its names are free again.
  const outer = new Scope({ ...context, aliases: new Set(['pairs']) }, entity)
  const shown = names.map((name) => `pairs.${dialect.identifier(name)}`)
  const columns = [...shown, ...measures.map(({ name, measure }) => as(measureSql(measure, outer), name, context))]
  const onKey = `${keySql(entity, outer.rootAlias, outer) ?? 'NULL'} = pairs.row_key`
  const source = outer.from({ source: 'pairs', on: onKey })
  const groups = shown.length > 0 ? `\nGROUP BY ${shown.join(', ')}` : ''
  const inner = from.replaceAll(/^/gm, '  ')
  const sql = `WITH pairs AS (\n${inner}\n)\n${select(columns)}\n${source}${groups}${havingSql(having, outer)}`
  return { sql, orders: parts.map(() => undefined) }
}
