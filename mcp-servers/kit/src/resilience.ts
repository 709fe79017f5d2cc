import { AppError, toAppError } from '@plumbline/tools/errors'
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  wrap,
} from 'cockatiel'

const WAITING_QUERIES = 500
/** After this many failures in a row the source is left alone for a while instead of being asked again by everyone. */
const FAILURES_TO_OPEN = 5
const OPEN_MS = 5_000

export type Guarded = <T>(work: () => Promise<T>) => Promise<T>

/** Bulkhead and circuit breaker of one source. Only an unreachable source trips it, never a bad query. */
export function resilience(title: string, concurrentQueries: number): Guarded {
  const breaker = circuitBreaker(
    handleWhen((error) => toAppError(error).code === 'SOURCE_UNAVAILABLE'),
    { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) },
  )
  const policy = wrap(bulkhead(concurrentQueries, WAITING_QUERIES), breaker)
  return async (work) => {
    try {
      return await policy.execute(work)
    } catch (error) {
      if (error instanceof BrokenCircuitError) {
        throw new AppError('SOURCE_UNAVAILABLE', `${title} does not answer. I ask it again in a few seconds.`)
      }
      if (error instanceof BulkheadRejectedError) {
        throw new AppError('SOURCE_UNAVAILABLE', `${title} has too many queries waiting. Try again in a moment.`)
      }
      throw error
    }
  }
}
