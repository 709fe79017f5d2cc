import type { Column } from '../contract/column.ts'
import { AppError } from '../errors/index.ts'
import { type Block, block, type NamedMeasure } from './block.ts'
import { columnName, dimensionLabel, measureLabel } from './labels.ts'
import { measureEntity } from './measure-sql.ts'
import { dimensionColumn, measureColumn } from './output-column.ts'
import type { QueryPlan } from './query-plan.ts'
import type { CompileContext } from './scope.ts'
import { groupedOrder } from './sort-sql.ts'

const indent = (sql: string) => sql.replaceAll(/^/gm, '  ')

function nestedBlock(plan: QueryPlan, named: NamedMeasure, names: string[], context: CompileContext): Block {
  const { measure, name } = named
  if (measure.kind !== 'nested') return block(plan, [named], plan.having, names, context)
  const { dialect, index } = context
  const taken = new Set(names)
  const perNames = measure.per.map((dimension) => {
    const unique = columnName(dimensionLabel(dimension, index), taken)
    taken.add(unique)
    return unique
  })
  const innerPlan = { ...plan, dimensions: [...plan.dimensions, ...measure.per] }
  const inner = block(
    innerPlan,
    [{ name: 'amount', measure: measure.of }],
    plan.having,
    [...names, ...perNames],
    context,
  )
  const aggregate = measure.fn === 'median' ? dialect.median('amount') : `${measure.fn}(amount)`
  const shown = names.map((part) => dialect.identifier(part))
  const columns = [...shown, `${aggregate} AS ${dialect.identifier(name)}`].join(', ')
  const groups = shown.length > 0 ? `\nGROUP BY ${shown.join(', ')}` : ''
  return {
    sql: `WITH per_group AS (\n${indent(inner.sql)}\n)\nSELECT ${columns}\nFROM per_group${groups}`,
    orders: names.map(() => undefined),
  }
}

/** Measures over different entities meet in a full join of their groups, so that neither multiplies the other. */
function joinBlocks(blocks: Block[], lists: NamedMeasure[][], names: string[], context: CompileContext): Block {
  const { dialect } = context
  const parts = blocks.map((one, at) => `part_${at + 1} AS (\n${indent(one.sql)}\n)`)
  const keys = names.map((name) => {
    const sides = blocks.map((_, at) => `part_${at + 1}.${dialect.identifier(name)}`)
    return `coalesce(${sides.join(', ')}) AS ${dialect.identifier(name)}`
  })
  const values = lists.flatMap((list, at) => list.map(({ name }) => `part_${at + 1}.${dialect.identifier(name)}`))
  const joins = blocks.slice(1).map((_, at) => {
    if (names.length === 0) return `CROSS JOIN part_${at + 2}`
    const on = names.map((name) => `part_1.${dialect.identifier(name)} = part_${at + 2}.${dialect.identifier(name)}`)
    return `FULL JOIN part_${at + 2} ON ${on.join(' AND ')}`
  })
  const sql = `WITH ${parts.join(',\n')}\nSELECT ${[...keys, ...values].join(', ')}\nFROM part_1\n${joins.join('\n')}`
  return { sql, orders: names.map(() => undefined) }
}

/** A plan with measures: groups, their measures, order and limit. */
export function compileGrouped(plan: QueryPlan, context: CompileContext): { sql: string; columns: Column[] } {
  const { dialect, index } = context
  const taken = new Set<string>()
  const nameOf = (label: string) => {
    const name = columnName(label, taken)
    taken.add(name)
    return name
  }
  const dimensionNames = plan.dimensions.map((dimension) => nameOf(dimensionLabel(dimension, index)))
  const named = plan.measures.map((measure) => ({ name: nameOf(measureLabel(measure, index)), measure }))
  const groups = new Map<string, NamedMeasure[]>()
  for (const part of named) {
    const entity = measureEntity(part.measure, index)
    const key = part.measure.kind === 'nested' ? `nested ${part.name}` : entity
    groups.set(key, [...(groups.get(key) ?? []), part])
  }
  const lists = [...groups.values()]
  if (lists.length > 1 && plan.having.length > 0) {
    throw new AppError(
      'QUERY_TOO_COMPLEX',
      'A limit on groups works with measures of one kind of row; ask for one at a time.',
    )
  }
  const blocks = lists.map((list) => {
    const first = list[0]
    if (first?.measure.kind === 'nested') return nestedBlock(plan, first, dimensionNames, context)
    return block(plan, list, plan.having, dimensionNames, context)
  })
  const whole = blocks.length === 1 && blocks[0] ? blocks[0] : joinBlocks(blocks, lists, dimensionNames, context)
  const ordered = lists.flat()
  const names = { dimensions: dimensionNames, measures: named.map((part) => part.name) }
  const columns = [
    ...plan.dimensions.map((dimension, at) => dimensionColumn(dimensionNames[at] ?? 'value', dimension, index)),
    ...ordered.map((part) => measureColumn(part.name, part.measure, index)),
  ]
  const limit = plan.limit === undefined ? '' : `\nLIMIT ${plan.limit}`
  if (!plan.perGroup) return { sql: `${whole.sql}${groupedOrder(plan, names, whole.orders, context)}${limit}`, columns }

  const partition = plan.perGroup.by.flatMap((ref) => {
    const at = plan.dimensions.findIndex(({ field }) => field.entity === ref.entity && field.field === ref.field)
    return at >= 0 ? [dialect.identifier(dimensionNames[at] ?? 'value')] : []
  })
  const order = groupedOrder(plan, names, [], context).trim()
  const over = `${partition.length > 0 ? `PARTITION BY ${partition.join(', ')} ` : ''}${order}`
  const all = columns.map((column) => dialect.identifier(column.name)).join(', ')
  const ranked = `SELECT ${all}, row_number() OVER (${over}) AS rank_in_group\n  FROM grouped`
  const sql = `WITH grouped AS (\n${indent(whole.sql)}\n), ranked AS (\n  ${ranked}\n)\nSELECT ${all}\nFROM ranked\nWHERE rank_in_group <= ${plan.perGroup.n}\nORDER BY ${[...partition, 'rank_in_group'].join(', ')}${limit}`
  return { sql, columns }
}
