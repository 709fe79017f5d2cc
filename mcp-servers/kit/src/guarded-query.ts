import type { AuditAction } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { GovernedQuery } from '@plumbline/tools/sql'
import { type AuditNotes, audited } from './audited.ts'
import { type ToolContext, warehouseOf } from './connection.ts'
import { inTurn } from './in-turn.ts'
import { appliedIds, policySentences } from './policy-sentences.ts'
import type { WarehouseRows } from './warehouse.ts'

export interface QueryRequest {
  readonly sql: string
  readonly maxRows?: number | undefined
  readonly timeoutMs?: number | undefined
}

export interface GuardedRows extends WarehouseRows {
  readonly query: GovernedQuery
  /** What was applied, in words. */
  readonly policies: readonly string[]
  readonly truncated: boolean
  readonly ms: number
}

/**
 * The one way to a system: parse, prove read-only, put the row filters and masks of who asks into the tree, run within their
 * limits, and record it before anything is given out. Every tool and every surface comes through here.
 */
export async function guardedQuery(
  context: ToolContext,
  request: QueryRequest,
  action: AuditAction = 'query',
): Promise<GuardedRows> {
  return audited(context, action, request.sql, async (notes) => {
    const query = prove(context, request, notes)
    const startedAt = performance.now()
    notes.ran = true
    const { columns, rows } = await withDeadline(context, request.timeoutMs, (signal) =>
      inTurn(context.connection.guarded, signal, () => warehouseOf(context).run(query, signal)),
    )
    // The proved query asks for one row more than the limit: that row says that there are more.
    const truncated = rows.length > query.maxRows
    const ms = Math.round((performance.now() - startedAt) * 100) / 100
    const given = truncated ? rows.slice(0, query.maxRows) : rows
    notes.rowsOut = given.length
    return { query, policies: policySentences(context.access, query), columns, rows: given, truncated, ms }
  })
}

/** The same gate for a query that is only explained. */
export async function guardedExplain(context: ToolContext, request: QueryRequest) {
  return audited(context, 'explain', request.sql, async (notes) => {
    const query = prove(context, request, notes)
    const plan = await withDeadline(context, request.timeoutMs, (signal) =>
      inTurn(context.connection.guarded, signal, () => warehouseOf(context).explain(query, signal)),
    )
    // A plan tells how many rows there are in all, and what the filters are.
    return {
      query,
      plan: query.applied.length === 0 ? plan : 'The query can run. Its plan is not shown, because rules apply to it.',
    }
  })
}

function prove({ access, connection }: ToolContext, request: QueryRequest, notes: AuditNotes): GovernedQuery {
  const { limits } = connection
  const budget = access.source.budget.resultRows ?? Number.POSITIVE_INFINITY
  const query = access.gate.check(request.sql, Math.min(request.maxRows ?? limits.maxRows, limits.maxRows, budget))
  notes.query = query
  notes.policies = query.applied.flatMap(({ table, filters, masked }) => appliedIds(access, table, filters, masked))
  return query
}

async function withDeadline<T>(
  context: ToolContext,
  timeoutMs: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { budget } = context.access.source
  const own = budget.querySeconds === undefined ? Number.POSITIVE_INFINITY : budget.querySeconds * 1000
  const limit = Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, context.connection.limits.timeoutMs, own)
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
