import { randomUUID } from 'node:crypto'
import { toAppError } from '@plumbline/tools/errors'
import { readBudgetExceeded } from '@plumbline/tools/governance'
import type { ApprovalPause } from '../supervisor/approval-pause.ts'
import type { Outcome } from '../supervisor/outcome.ts'

/** Refusals of the gate that another wording of the query must not get round. */
const FINAL = new Set(['BUDGET_EXCEEDED', 'FORBIDDEN', 'CONFLICT'])

/**
 * A query that the gate did not let run for what it costs: either somebody may approve it, or that is the answer. Null: it failed
 * in another way, and may be mended.
 */
export function overBudget(
  error: unknown,
  source: string,
  sql: string,
): { pause: ApprovalPause } | { outcome: Outcome } | null {
  const known = toAppError(error)
  if (!FINAL.has(known.code)) return null
  const over = readBudgetExceeded(known)
  if (over?.approvable) {
    return { pause: { kind: 'approval', id: randomUUID(), source, sql, message: known.message, over } }
  }
  return { outcome: { status: 'refused', text: known.message, suggestions: [], error: known.toJSON() } }
}
