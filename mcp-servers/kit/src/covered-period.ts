import { quoteIdentifier } from '@plumbline/tools/sql'
import type { Connection, ToolContext } from './connection.ts'
import { guardedQuery } from './guarded-query.ts'

interface Period {
  readonly from?: string
  readonly to?: string
}

const known = new WeakMap<Connection, Promise<Period>>()

/** First and last day the main time dimension of the model holds; asked once a connection. */
export function coveredPeriod(context: ToolContext): Promise<Period> {
  const found = known.get(context.connection)
  if (found) return found
  const period = askPeriod(context).catch((error: unknown) => {
    known.delete(context.connection)
    throw error
  })
  known.set(context.connection, period)
  return period
}

async function askPeriod(context: ToolContext): Promise<Period> {
  const { definition, model } = context.connection
  const entity = model?.entities.find((e) => e.timeDimension !== undefined)
  const time = entity?.dimensions.find((d) => d.name === entity.timeDimension)
  if (!entity || !time) return {}
  const quote = (name: string) => quoteIdentifier(name, definition.dialect)
  const expression = (name: string, depth = 0): string => {
    const dimension = entity.dimensions.find((d) => d.name === name)
    if (!dimension?.expression || depth > 5) return quote(dimension?.column ?? name)
    return dimension.expression.replace(/\{([^}]+)\}/g, (_, inner: string) =>
      expression(inner, inner === name ? 6 : depth + 1),
    )
  }
  const value = expression(time.name)
  // The model is trusted, but its SQL passes the gate like everything else.
  const own: ToolContext = { ...context, signal: new AbortController().signal }
  const sql = `SELECT min(${value}), max(${value}) FROM ${quote(entity.table ?? entity.name)}`
  const { rows } = await guardedQuery(own, { sql })
  const [from, to] = rows[0] ?? []
  return { ...(typeof from === 'string' ? { from } : {}), ...(typeof to === 'string' ? { to } : {}) }
}
