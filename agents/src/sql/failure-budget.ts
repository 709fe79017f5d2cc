import { CODES, type Code } from '@plumbline/tools/errors'
import type { Failure, FailureCounts } from '../supervisor/thread-state.ts'

/** How often a question may fail in each way before the database's own message is relayed. */
export const FAILURE_BUDGET: FailureCounts = { invalid: 6, slow: 2, vendor: 3 }

export function failureKind(failure: Failure): keyof FailureCounts {
  if (failure.code === 'QUERY_TIMEOUT') return 'slow'
  const info = CODES[failure.code as Code]
  return info?.blame === 'vendor' || info?.retry ? 'vendor' : 'invalid'
}

/** Charges a failure; `spent` when that kind has no try left. */
export function chargeFailure(counts: FailureCounts, failure: Failure): { counts: FailureCounts; spent: boolean } {
  const kind = failureKind(failure)
  const charged = { ...counts, [kind]: counts[kind] + 1 }
  return { counts: charged, spent: charged[kind] >= FAILURE_BUDGET[kind] }
}
