import type { Column } from '../contract/column.ts'
import { AppError } from '../errors/index.ts'
import { conditionsSql } from './condition-sql.ts'
import { columnName, fieldLabel } from './labels.ts'
import { fieldColumn } from './output-column.ts'
import type { FieldRef, QueryPlan } from './query-plan.ts'
import { rootEntity } from './root-entity.ts'
import { type CompileContext, Scope } from './scope.ts'

const same = (a: FieldRef, b: FieldRef) => a.entity === b.entity && a.field === b.field && a.via === b.via

/** A plan without measures: rows as they are, with the asked columns. */
export function compileDetail(plan: QueryPlan, context: CompileContext): { sql: string; columns: Column[] } {
  const { dialect, index } = context
  if (plan.columns.length === 0) {
    throw new AppError('QUERY_INVALID', 'The plan asks for neither measures nor columns. Name at least one.')
  }
  const taken = new Set<string>()
  const columns = plan.columns.map((ref) => {
    const name = columnName(fieldLabel(ref, index), taken)
    taken.add(name)
    return fieldColumn(name, ref, index)
  })
  const scope = new Scope(context, rootEntity(plan.base, plan.columns, index))
  const shown = plan.columns.map((ref, at) => {
    const sql = scope.field(ref)
    const name = columns[at]?.name ?? 'value'
    return sql === name ? sql : `${sql} AS ${dialect.identifier(name)}`
  })
  const sorts = plan.sort.flatMap(({ by, direction }) => {
    if (!('field' in by)) return []
    const at = plan.columns.findIndex((ref) => same(ref, by.field))
    const sql = at >= 0 ? dialect.identifier(columns[at]?.name ?? 'value') : scope.field(by.field)
    return [
      { sql, inner: scope.field(by.field), listed: at >= 0, tail: `${direction === 'desc' ? ' DESC' : ''} NULLS LAST` },
    ]
  })
  const conditions = conditionsSql(plan.filters, scope)
  const where = conditions.length === 0 ? '' : `\nWHERE ${conditions.join('\n  AND ')}`
  const limit = plan.limit === undefined ? '' : `\nLIMIT ${plan.limit}`
  if (plan.perGroup) {
    const partition = plan.perGroup.by.map((ref) => scope.field(ref)).join(', ')
    const order = sorts.map((sort) => `${sort.inner}${sort.tail}`).join(', ')
    const rank = `row_number() OVER (PARTITION BY ${partition}${order === '' ? '' : ` ORDER BY ${order}`})`
    const inner = `SELECT ${[...shown, `${rank} AS rank_in_group`].join(', ')}\n${scope.from()}${where}`
    const names = columns.map((column) => dialect.identifier(column.name)).join(', ')
    const sql = `WITH ranked AS (\n${inner.replaceAll(/^/gm, '  ')}\n)\nSELECT ${names}\nFROM ranked\nWHERE rank_in_group <= ${plan.perGroup.n}\nORDER BY ${names}${limit}`
    return { sql, columns }
  }
  // SELECT DISTINCT can only be sorted by what it lists.
  const distinct = plan.distinct && sorts.every((sort) => sort.listed)
  const order = sorts.length === 0 ? '' : `\nORDER BY ${sorts.map((sort) => `${sort.sql}${sort.tail}`).join(', ')}`
  const sql = `SELECT ${distinct ? 'DISTINCT ' : ''}${shown.join(', ')}\n${scope.from()}${where}${order}${limit}`
  return { sql, columns }
}
