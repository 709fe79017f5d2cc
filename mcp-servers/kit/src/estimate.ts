import type { Estimate } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import {
  type ApprovalCheck,
  budgetExceeded,
  checkBudget,
  hasScanBudget,
  noEstimate,
  type PlanEstimate,
  queryHash,
  type SourceAccess,
  shownEstimate,
} from '@plumbline/tools/governance'
import type { GovernedQuery } from '@plumbline/tools/sql'
import type { Warehouse, WarehouseTable } from './warehouse.ts'

/** A query that is about to run, in somebody's name. */
export interface BudgetedQuery {
  readonly query: GovernedQuery
  readonly warehouse: Pick<Warehouse, 'estimate'>
  readonly source: SourceAccess
  /** The tables they see, for the hint; no other is named. */
  readonly tables: readonly WarehouseTable[]
  readonly principalId: string
  /** Somebody has approved it, the caller says. */
  readonly approvalId?: string | undefined
  readonly approvals?: ApprovalCheck | undefined
  readonly signal: AbortSignal
}

/**
 * Holds a query against the scan budget of who asks, before it runs. What passes it runs only with an approval for this very
 * query, which is then used up. Null: there is no scan budget, and nothing was estimated.
 * @throws AppError BUDGET_EXCEEDED with `BudgetExceededData`; FORBIDDEN or CONFLICT for an approval that does not hold.
 */
export async function withinBudget(asked: BudgetedQuery): Promise<Estimate | null> {
  const { query, source, approvalId } = asked
  if (!hasScanBudget(source.budget)) return null
  const estimate = await estimateOf(asked)
  const check = checkBudget(estimate, source.budget, timeColumns(asked.tables))
  if (!check.ok) {
    const hash = queryHash(source.source, query.asked, query.maxRows)
    // Rules that let nobody approve it now end what was approved before.
    if (approvalId === undefined || !check.approvable) throw budgetExceeded(check, estimate, hash)
    if (!asked.approvals) throw new AppError('FORBIDDEN', 'Approvals are not taken here: ask at the page.')
    const { figure, value } = check
    await asked.approvals.redeem({
      id: approvalId,
      principalId: asked.principalId,
      source: source.source,
      queryHash: hash,
      figure,
      value,
    })
  }
  return shownEstimate(estimate)
}

/** A query that can not be planned is refused by its own error; an estimate that is merely not there counts as too much. */
async function estimateOf({ warehouse, query, signal }: BudgetedQuery): Promise<PlanEstimate> {
  try {
    return await warehouse.estimate(query, signal)
  } catch (error) {
    if (error instanceof AppError && error.code !== 'QUERY_FAILED' && error.code !== 'INTERNAL') throw error
    return noEstimate('its planner failed')
  }
}

/** Columns that a date range could stand on, by table in lower case. */
function timeColumns(tables: readonly WarehouseTable[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    tables.map((table) => [
      table.name.toLowerCase(),
      table.columns.filter(({ type }) => type === 'timestamp' || type === 'date').map(({ name }) => name),
    ]),
  )
}
