import { toAppError } from '@plumbline/tools/errors'
import { governModel } from '@plumbline/tools/governance'
import type { SemanticModel } from '@plumbline/tools/semantic'
import { quoteIdentifier } from '@plumbline/tools/sql'
import type { Access } from './access.ts'
import { type ToolContext, warehouseOf } from './connection.ts'
import { guardedQuery } from './guarded-query.ts'

const known = new WeakMap<Access['gate'], Promise<SemanticModel | null>>()
/** Values of one column compared with those that the model names; a column with more keeps none of the model's. */
const MAX_VALUES = 5000

/** The semantic model as the caller may know it; made once for all who see the same. */
export function governedModel(context: ToolContext): Promise<SemanticModel | null> {
  const found = known.get(context.access.gate)
  if (found) return found
  const model = makeModel(context).catch((error: unknown) => {
    known.delete(context.access.gate)
    throw error
  })
  known.set(context.access.gate, model)
  return model
}

async function makeModel(context: ToolContext): Promise<SemanticModel | null> {
  const { model } = context.connection
  const { source, tables } = context.access
  if (model === null || source.unrestricted) return model
  const seen = new Map<string, ReadonlySet<string>>()
  for (const entity of model.entities) {
    const table = tables.find(({ name }) => name.toLowerCase() === (entity.table ?? entity.name).toLowerCase())
    if (!table?.filtered) continue
    for (const dimension of entity.dimensions.filter(({ values, expression }) => values.length > 0 && !expression)) {
      const name = (dimension.column ?? dimension.name).toLowerCase()
      const column = table.columns.find((one) => one.name.toLowerCase() === name)
      if (column && !table.masked.has(column.name)) {
        seen.set(key(table.name, column.name), await distinct(context, table.name, column.name))
      }
    }
  }
  const all = await warehouseOf(context).list()
  return governModel(
    model,
    source,
    all,
    (table, column, value) => seen.get(key(table, column))?.has(String(value)) ?? false,
  )
}

const key = (table: string, column: string) => JSON.stringify([table.toLowerCase(), column.toLowerCase()])

/** The values that the caller finds in a column. */
async function distinct(context: ToolContext, table: string, column: string): Promise<ReadonlySet<string>> {
  const { dialect } = context.connection.definition
  const [from, name] = [quoteIdentifier(table, dialect), quoteIdentifier(column, dialect)]
  const own: ToolContext = {
    ...context,
    caller: { principal: context.caller.principal, surface: 'system' },
    signal: new AbortController().signal,
  }
  const sql = `SELECT DISTINCT ${name} AS value FROM ${from}`
  try {
    const { rows, truncated } = await guardedQuery(own, { sql, maxRows: MAX_VALUES }, 'list-values')
    return truncated ? new Set() : new Set(rows.map(([value]) => String(value)))
  } catch (error) {
    // Too large a table for their budget: then none of the model's values is shown.
    if (toAppError(error).code !== 'BUDGET_EXCEEDED') throw error
    return new Set()
  }
}
