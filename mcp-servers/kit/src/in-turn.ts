import { AppError } from '@plumbline/tools/errors'
import type { Guarded } from './resilience.ts'

const stopped = () => new AppError('QUERY_CANCELLED', 'Stopped.')

/**
 * Waits for a place in the bulkhead, then runs `work`. While it waits, the signal ends it at once: a queue of slow queries
 * must not hold a caller beyond the caller's own timeout. Once it runs, the system stops it, and knows how it ended.
 */
export function inTurn<T>(guarded: Guarded, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) return Promise.reject(stopped())
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const leave = () => reject(stopped())
  signal.addEventListener('abort', leave, { once: true })
  guarded(async () => {
    signal.removeEventListener('abort', leave)
    if (signal.aborted) throw stopped()
    return work()
  }).then(resolve, reject)
  return promise
}
