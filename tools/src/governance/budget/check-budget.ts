import type { ScanFigure } from '../../contract/approval.ts'
import type { Budget } from '../source-access.ts'
import { amount } from './amount.ts'
import { narrowingHint } from './narrowing-hint.ts'
import { type PlanEstimate, shownEstimate } from './plan-estimate.ts'

/** A budget that the estimate passes. */
export interface OverBudget {
  readonly ok: false
  readonly figure: ScanFigure
  /** Null: the system could not say what the query would take, so it is held to be too much. */
  readonly value: number | null
  readonly limit: number
  readonly ruleIds: readonly string[]
  /** Somebody may allow it. */
  readonly approvable: boolean
  readonly hint: string
  /** The whole, for the reader. */
  readonly message: string
}

export type BudgetCheck = { readonly ok: true } | OverBudget

const FIGURES = [
  ['scanRows', 'rows'],
  ['scanBytes', 'bytes'],
] as const

/**
 * Holds an estimate against the scan figures of a budget. What has no estimate is over every budget: it fails closed.
 * @param timeColumns columns that hold a date or a time, by table in lower case, for the hint.
 */
export function checkBudget(
  estimate: PlanEstimate,
  budget: Budget,
  timeColumns: ReadonlyMap<string, readonly string[]> = new Map(),
): BudgetCheck {
  const shown = shownEstimate(estimate)
  for (const [figure, key] of FIGURES) {
    const limit = budget[figure]
    const value = estimate[key]
    if (limit === undefined || (value !== undefined && value <= limit)) continue
    const hint = narrowingHint(estimate.shape, timeColumns)
    const ruleIds = budget.rulesOf?.[figure] ?? budget.rules
    const most = `${amount(figure, limit)} (${ruleIds.length === 1 ? 'rule' : 'rules'} ${ruleIds.join(', ')})`
    const message =
      value === undefined
        ? `The source can not say how much this would read (${estimate.reason ?? `its plan has no ${key}`}), and your budget is ${most}. ${hint}`
        : `This would read about ${amount(figure, shown[key] ?? value)}; your budget is ${most}. ${hint}`
    return {
      ok: false,
      figure,
      value: value === undefined ? null : (shown[key] ?? value),
      limit,
      ruleIds,
      approvable: budget.over === 'approve',
      hint,
      message,
    }
  }
  return { ok: true }
}

/** Whether the estimate has to be asked for at all. */
export const hasScanBudget = (budget: Budget) => FIGURES.some(([figure]) => budget[figure] !== undefined)
