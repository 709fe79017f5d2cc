import { z } from 'zod'
import { ScanFigure } from '../../contract/approval.ts'
import { Estimate } from '../../contract/estimate.ts'
import { AppError } from '../../errors/index.ts'
import type { OverBudget } from './check-budget.ts'
import { type PlanEstimate, shownEstimate } from './plan-estimate.ts'

/** `data` of BUDGET_EXCEEDED when a query is over a scan budget. */
export const BudgetExceededData = z.object({
  figure: ScanFigure,
  value: z.number().nullable(),
  limit: z.number(),
  /** Ids of the rules, joined by a comma and a space. */
  rule: z.string(),
  rules: z.array(z.string()),
  approvable: z.boolean(),
  hint: z.string(),
  estimate: Estimate,
  /** What an approval would be for. */
  queryHash: z.string(),
})
export type BudgetExceededData = z.infer<typeof BudgetExceededData>

/** The refusal of a query that is over a scan budget. */
export function budgetExceeded(over: OverBudget, estimate: PlanEstimate, queryHash: string): AppError {
  const { figure, value, limit, ruleIds, approvable, hint } = over
  const data: BudgetExceededData = {
    figure,
    value,
    limit,
    rule: ruleIds.join(', '),
    rules: [...ruleIds],
    approvable,
    hint,
    estimate: shownEstimate(estimate),
    queryHash,
  }
  return new AppError('BUDGET_EXCEEDED', over.message, { data })
}

/** What a refusal says of the scan budget; null for every other error, and for budgets of tokens and money. */
export function readBudgetExceeded(error: AppError): BudgetExceededData | null {
  if (error.code !== 'BUDGET_EXCEEDED') return null
  return BudgetExceededData.safeParse(error.data).data ?? null
}
