import type { Cell } from '../contract/column.ts'
import { affirmed, isLeaf, leafRefs } from './condition-refs.ts'
import type { JoinStep } from './join-path.ts'
import { literal, quoteText } from './literal.ts'
import type { Condition, LeafCondition } from './query-plan.ts'
import { Scope } from './scope.ts'
import { momentSql, partSql, timeSql } from './time-sql.ts'

/** `WHERE` parts; conditions on the same rows of a many side share one EXISTS, since they speak of one row. */
export function conditionsSql(conditions: readonly Condition[], scope: Scope): string[] {
  const parts: string[] = []
  const shared = new Map<string, { path: JoinStep[]; where: Condition[] }>()
  for (const condition of conditions) {
    const path = isLeaf(condition) && !affirmed(condition) ? manyPath(condition, scope) : undefined
    if (path) {
      const key = path.map((step) => step.join.name).join('/')
      const group = shared.get(key) ?? { path, where: [] }
      group.where.push(condition)
      shared.set(key, group)
    } else {
      parts.push(conditionSql(condition, scope))
    }
  }
  for (const { path, where } of shared.values()) parts.push(exists(path, where, scope, false))
  return parts
}

/** The path up to its first step to many, if a leaf needs one. */
function manyPath(leaf: LeafCondition, scope: Scope): JoinStep[] | undefined {
  for (const ref of leafRefs(leaf)) {
    const path = scope.path(ref)
    const at = path.findIndex((step) => step.multiplies)
    if (at >= 0) return path.slice(0, at + 1)
  }
  return undefined
}

function exists(path: JoinStep[], where: Condition[], scope: Scope, negated: boolean, target?: string): string {
  const hop = path.at(-1)
  if (!hop) return negated ? '1 = 0' : '1 = 1'
  const near = scope.join(path.slice(0, -1))
  const inner = new Scope(scope.context, hop.far)
  if (target !== undefined && target !== hop.far) inner.at({ entity: target })
  const conditions = [inner.on(hop, near, inner.rootAlias), ...conditionsSql(where, inner)]
  const sql = `SELECT 1\n${inner.from()}\nWHERE ${conditions.join('\n  AND ')}`
  return `${negated ? 'NOT ' : ''}EXISTS (\n${indent(sql)}\n)`
}

function indent(sql: string): string {
  return sql.replaceAll(/^/gm, '  ')
}

function conditionSql(condition: Condition, scope: Scope): string {
  if (condition.kind === 'and') return `(${conditionsSql(condition.items, scope).join(' AND ')})`
  if (condition.kind === 'or') return `(${condition.items.map((item) => conditionSql(item, scope)).join(' OR ')})`
  if (condition.kind === 'related') {
    const path = scope.path({ entity: condition.entity, via: condition.via })
    const many = path.findIndex((step) => step.multiplies)
    const upTo = many >= 0 ? path.slice(0, many + 1) : path
    return exists(upTo, condition.where, scope, condition.negated, condition.entity)
  }
  const path = manyPath(condition, scope)
  if (!path) return leafSql(condition, scope)
  const positive = affirmed(condition)
  return exists(path, [positive ?? condition], scope, positive !== undefined)
}

function list(values: Cell[], scope: Scope): string {
  return values.map((value) => literal(value, scope.context.dialect)).join(', ')
}

function inSql(sql: string, values: Cell[], negated: boolean, scope: Scope): string {
  const known = values.filter((value) => value !== null)
  const parts: string[] = []
  if (known.length === 1) parts.push(`${sql} ${negated ? '<>' : '='} ${list(known, scope)}`)
  if (known.length > 1) parts.push(`${sql} ${negated ? 'NOT IN' : 'IN'} (${list(known, scope)})`)
  if (known.length < values.length) parts.push(`${sql} IS ${negated ? 'NOT ' : ''}NULL`)
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(negated ? ' AND ' : ' OR ')})`
}

function likePattern(mode: 'contains' | 'starts' | 'ends', text: string): string {
  const escaped = text.replaceAll(/[\\%_]/g, '\\$&')
  return quoteText(`${mode === 'starts' ? '' : '%'}${escaped}${mode === 'ends' ? '' : '%'}`)
}

function leafSql(leaf: LeafCondition, scope: Scope): string {
  const { dialect, index } = scope.context
  switch (leaf.kind) {
    case 'segment': {
      const entity = index.entity(leaf.entity)
      const sql = scope.expand(entity, scope.at({ entity: leaf.entity }), index.segment(leaf.entity, leaf.name).filter)
      if (leaf.negated) return `NOT coalesce(${sql}, ${dialect.boolean(false)})`
      return /\b(and|or)\b/i.test(sql) ? `(${sql})` : sql
    }
    case 'fields':
      return `${scope.field(leaf.left)} ${leaf.op} ${scope.field(leaf.right)}`
    case 'compare':
      if (leaf.value === null) return `${scope.field(leaf.field)} IS ${leaf.op === '<>' ? 'NOT ' : ''}NULL`
      return `${scope.field(leaf.field)} ${leaf.op} ${valueSql(leaf.field, leaf.value, scope)}`
    case 'in':
      return inSql(scope.field(leaf.field), leaf.values, leaf.negated, scope)
    case 'between': {
      const [from, to] = [valueSql(leaf.field, leaf.from, scope), valueSql(leaf.field, leaf.to, scope)]
      return `${scope.field(leaf.field)} BETWEEN ${from} AND ${to}`
    }
    case 'like':
      return `${leaf.negated ? 'NOT ' : ''}${dialect.like(scope.field(leaf.field), likePattern(leaf.mode, leaf.text))}`
    case 'null':
      return `${scope.field(leaf.field)} IS ${leaf.negated ? 'NOT ' : ''}NULL`
    case 'time':
      return timeSql(leaf, scope)
    case 'part':
      return inSql(partSql(leaf.field, leaf.part, scope), leaf.values, leaf.negated, scope)
    case 'overall': {
      const inner = new Scope(scope.context, leaf.field.entity)
      const field = inner.field({ entity: leaf.field.entity, field: leaf.field.field })
      const fn =
        leaf.fn === 'count_distinct'
          ? `count(DISTINCT ${field})`
          : leaf.fn === 'median'
            ? dialect.median(field)
            : `${leaf.fn}(${field})`
      return `${scope.field(leaf.field)} ${leaf.op} (SELECT ${fn} ${inner.from()})`
    }
  }
}

function valueSql(ref: Parameters<Scope['field']>[0], value: Cell, scope: Scope): string {
  const { type } = scope.context.index.dimension(ref)
  if ((type === 'date' || type === 'timestamp') && typeof value === 'string') return momentSql(value, type, scope)
  return literal(value, scope.context.dialect)
}
