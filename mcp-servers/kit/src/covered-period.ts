import { quoteIdentifier } from '@plumbline/tools/sql'
import type { Access } from './access.ts'
import type { ToolContext } from './connection.ts'
import { governedModel } from './governed-model.ts'
import { guardedQuery } from './guarded-query.ts'

interface Period {
  readonly from?: string
  readonly to?: string
}

const known = new WeakMap<Access['gate'], Promise<Period>>()

/**
 * First and last day the main time dimension of the model holds in the rows that the caller may see; asked once for all who see
 * the same. Empty when it can not be asked: an answer without its period is still an answer.
 */
export function coveredPeriod(context: ToolContext): Promise<Period> {
  const found = known.get(context.access.gate)
  if (found) return found
  const period = askPeriod(context).catch((): Period => {
    known.delete(context.access.gate)
    return {}
  })
  known.set(context.access.gate, period)
  return period
}

async function askPeriod(context: ToolContext): Promise<Period> {
  const { definition } = context.connection
  const model = await governedModel(context)
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
  const own: ToolContext = {
    ...context,
    caller: { principal: context.caller.principal, surface: 'system' },
    signal: new AbortController().signal,
  }
  const sql = `SELECT min(${value}), max(${value}) FROM ${quote(entity.table ?? entity.name)}`
  const { rows } = await guardedQuery(own, { sql })
  const [from, to] = rows[0] ?? []
  return { ...(typeof from === 'string' ? { from } : {}), ...(typeof to === 'string' ? { to } : {}) }
}
