import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '@plumbline/tools/errors'

/** How often and how long a vendor's failure is borne. Times in milliseconds. */
export interface RetryPolicy {
  readonly maxAttempts: number
  /** For all attempts and the pauses between them. */
  readonly deadlineMs: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
}

/** The clock of the policy; tests give their own. */
export interface RetryClock {
  now(): number
  random(): number
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>
}

export const systemClock: RetryClock = {
  now: () => performance.now(),
  random: Math.random,
  async sleep(ms, signal) {
    await wait(ms, undefined, signal ? { signal } : {})
  },
}

const RETRYABLE = new Set(['MODEL_RATE_LIMITED', 'MODEL_OVERLOADED', 'MODEL_UNAVAILABLE', 'MODEL_STREAM_CUT'])

/** True for a failure that the same request may survive a moment later. */
export function isRetryable(error: unknown): error is AppError {
  return error instanceof AppError && RETRYABLE.has(error.code) && error.data?.retry !== false
}

/**
 * The one retry policy of all vendors: rate limits, overload, server errors and broken connections are tried again after
 * an exponential pause with full jitter (random between half and the whole), or after the vendor's own `retry-after`
 * (`data.retryAfterMs` of the error). `run` gets the number of the attempt, from 1, and the milliseconds left.
 * The error of the last attempt says how often it was tried.
 */
export async function retry<T>(
  policy: RetryPolicy,
  clock: RetryClock,
  signal: AbortSignal | undefined,
  run: (attempt: number, leftMs: number) => Promise<T>,
): Promise<T> {
  const start = clock.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt, policy.deadlineMs - (clock.now() - start))
    } catch (error) {
      if (!isRetryable(error) || signal?.aborted) throw error
      const elapsed = clock.now() - start
      if (attempt >= policy.maxAttempts) throw givenUp(error, attempt, elapsed)
      const asked = error.data?.retryAfterMs
      const pause = typeof asked === 'number' ? asked : backoff(policy, attempt, clock.random())
      if (elapsed + pause >= policy.deadlineMs) throw givenUp(error, attempt, elapsed, pause)
      await pauseFor(clock, pause, signal)
    }
  }
}

function backoff(policy: RetryPolicy, attempt: number, random: number): number {
  const full = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))
  return full * (0.5 + random / 2)
}

async function pauseFor(clock: RetryClock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(ms, signal)
  } catch (cause) {
    throw new AppError('QUERY_CANCELLED', 'Stopped.', { cause })
  }
}

function givenUp(error: AppError, attempts: number, elapsedMs: number, pauseMs?: number): AppError {
  const tries = attempts === 1 ? 'once' : `${attempts} times in ${(elapsedMs / 1000).toFixed(1)} s`
  const later =
    pauseMs === undefined ? 'Try again in a minute.' : `Try again in ${Math.max(1, Math.ceil(pauseMs / 1000))} s.`
  return new AppError(error.code, `${error.message} Tried ${tries}. ${later}`, {
    cause: error.cause ?? error,
    data: { ...error.data, attempts },
  })
}
