import type { Budget } from '../source-access.ts'

/** Limits that hold whoever asks. */
interface Own {
  readonly maxRows: number
  readonly timeoutMs: number
}

export interface QueryLimits extends Own {
  /** Infinity: not limited. */
  readonly maxBytes: number
}

/** The limits of one call: of the server, the budget and the caller the smallest each. */
export function queryLimits(
  server: Own,
  budget: Budget,
  asked: { readonly maxRows?: number | undefined; readonly timeoutMs?: number | undefined },
): QueryLimits {
  const seconds = budget.querySeconds ?? Number.POSITIVE_INFINITY
  return {
    maxRows: Math.min(server.maxRows, budget.resultRows ?? server.maxRows, asked.maxRows ?? server.maxRows),
    timeoutMs: Math.min(server.timeoutMs, Math.ceil(seconds * 1000), asked.timeoutMs ?? server.timeoutMs),
    maxBytes: budget.resultBytes ?? Number.POSITIVE_INFINITY,
  }
}
