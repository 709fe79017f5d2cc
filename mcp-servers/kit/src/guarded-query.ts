import { AppError, toAppError } from '@plumbline/tools/errors'
import { proveReadOnly, type ReadOnlyQuery } from '@plumbline/tools/sql'
import { type ToolContext, warehouseOf } from './connection.ts'
import { inTurn } from './in-turn.ts'
import type { WarehouseRows } from './warehouse.ts'

export interface QueryRequest {
  readonly sql: string
  readonly maxRows?: number | undefined
  readonly timeoutMs?: number | undefined
}

export interface GuardedRows extends WarehouseRows {
  readonly query: ReadOnlyQuery
  readonly truncated: boolean
  readonly ms: number
}

/**
 * The one way to a system: parse, prove read-only, know every table, then run within the time and row limits. Every tool
 * and every surface comes through here.
 */
export async function guardedQuery(context: ToolContext, request: QueryRequest): Promise<GuardedRows> {
  const query = await prove(context, request)
  const startedAt = performance.now()
  const { columns, rows } = await withDeadline(context, request.timeoutMs, (signal) =>
    inTurn(context.connection.guarded, signal, () => warehouseOf(context).run(query, signal)),
  )
  // The proved query asks for one row more than the limit: that row says that there are more.
  const truncated = rows.length > query.maxRows
  const ms = Math.round((performance.now() - startedAt) * 100) / 100
  return { query, columns, rows: truncated ? rows.slice(0, query.maxRows) : rows, truncated, ms }
}

/** The same gate for a query that is only explained. */
export async function guardedExplain(context: ToolContext, request: QueryRequest) {
  const query = await prove(context, request)
  const plan = await withDeadline(context, request.timeoutMs, (signal) =>
    inTurn(context.connection.guarded, signal, () => warehouseOf(context).explain(query, signal)),
  )
  return { query, plan }
}

async function prove(context: ToolContext, request: QueryRequest): Promise<ReadOnlyQuery> {
  const { definition, limits } = context.connection
  const tables = await warehouseOf(context).list()
  return proveReadOnly(request.sql, {
    dialect: definition.dialect,
    maxRows: Math.min(request.maxRows ?? limits.maxRows, limits.maxRows),
    tables: new Set(tables.map((table) => table.name.toLowerCase())),
  })
}

async function withDeadline<T>(
  context: ToolContext,
  timeoutMs: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, context.connection.limits.timeoutMs)
  const deadline = AbortSignal.timeout(limit)
  try {
    return await work(AbortSignal.any([context.signal, deadline]))
  } catch (error) {
    if (deadline.aborted && !context.signal.aborted && toAppError(error).code === 'QUERY_CANCELLED') {
      const seconds = limit >= 1000 ? `${Math.round(limit / 1000)} s` : `${limit} ms`
      const hint = 'Ask for a shorter period or fewer groups.'
      throw new AppError('QUERY_TIMEOUT', `The query took longer than ${seconds} and was stopped. ${hint}`, {
        cause: error,
      })
    }
    throw error
  }
}
