import type { AuditAction, Estimate } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import { queryLimits, ResultMeter } from '@plumbline/tools/governance'
import { assertParsersAgree, type GovernedQuery } from '@plumbline/tools/sql'
import { type AuditNotes, audited } from './audited.ts'
import { type ToolContext, warehouseOf } from './connection.ts'
import { withinBudget } from './estimate.ts'
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
  /** What the system said beforehand, where a budget made one ask. */
  readonly estimate: Estimate | null
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
    const limits = limitsOf(context, request)
    const query = await prove(context, request, limits.maxRows, notes)
    const startedAt = performance.now()
    const { columns, rows, full, estimate } = await withDeadline(context, limits.timeoutMs, async (signal) => {
      const estimate = await withinScanBudget(context, query, signal)
      if (estimate) notes.estimate = { rows: estimate.rows ?? null, bytes: estimate.bytes ?? null }
      const meter = Number.isFinite(limits.maxBytes) ? new ResultMeter(limits.maxBytes) : undefined
      notes.ran = true
      const run = () => warehouseOf(context).run(query, signal, meter)
      const result = await inTurn(context.connection.guarded, signal, run)
      return { ...result, full: meter?.full ?? false, estimate }
    })
    // The proved query asks for one row more than the limit: that row says that there are more.
    const truncated = full || rows.length > query.maxRows
    const ms = Math.round((performance.now() - startedAt) * 100) / 100
    const given = rows.slice(0, query.maxRows)
    notes.rowsOut = given.length
    return { query, policies: policySentences(context.access, query), columns, rows: given, truncated, estimate, ms }
  })
}

/** The same gate for a query that is only explained. */
export async function guardedExplain(context: ToolContext, request: QueryRequest) {
  return audited(context, 'explain', request.sql, async (notes) => {
    const limits = limitsOf(context, request)
    const query = await prove(context, request, limits.maxRows, notes)
    const plan = await withDeadline(context, limits.timeoutMs, (signal) =>
      inTurn(context.connection.guarded, signal, () => warehouseOf(context).explain(query, signal)),
    )
    // The plan of what rules have changed tells how many rows there are in all, the filters, and the salt of hashes.
    return { query, plan: query.sql === query.asked ? plan : NO_PLAN }
  })
}

const NO_PLAN = 'The query can run. Its plan is not shown, because rules apply to it.'

function limitsOf({ access, connection }: ToolContext, request: QueryRequest) {
  return queryLimits(connection.limits, access.source.budget, request)
}

async function prove(
  { access }: ToolContext,
  request: QueryRequest,
  maxRows: number,
  notes: AuditNotes,
): Promise<GovernedQuery> {
  const query = access.gate.check(request.sql, maxRows)
  notes.query = query
  notes.policies = query.applied.flatMap(({ table, filters, masked }) => appliedIds(access, table, filters, masked))
  await assertParsersAgree(query)
  return query
}

function withinScanBudget(context: ToolContext, query: GovernedQuery, signal: AbortSignal) {
  const { access, caller, connection } = context
  return withinBudget({
    query,
    warehouse: warehouseOf(context),
    source: access.source,
    tables: access.tables,
    principalId: caller.principal.id,
    approvalId: caller.approvalId,
    approvals: connection.governance.approvals,
    signal,
  })
}

async function withDeadline<T>(
  context: ToolContext,
  limit: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
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
