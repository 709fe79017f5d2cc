import { AppError } from '@plumbline/tools/errors'
import type { Guarded } from './resilience.ts'

const stopped = () => new AppError('QUERY_CANCELLED', 'Stopped.')

/** What a system has to stop a query; some run to their end whatever is said. */
export const GRACE_MS = 5_000

/**
 * Waits for a place in the bulkhead, then runs `work`. While it waits, the signal ends it at once: a queue of slow queries
 * must not hold a caller beyond the caller's own timeout. Once it runs, the system stops it, and knows how it ended; one that
 * does not stop holds its place and no longer its caller.
 */
export function inTurn<T>(guarded: Guarded, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) return Promise.reject(stopped())
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const leave = () => reject(stopped())
  signal.addEventListener('abort', leave, { once: true })
  guarded(async () => {
    signal.removeEventListener('abort', leave)
    if (signal.aborted) throw stopped()
    let patience: NodeJS.Timeout | undefined
    const wait = () => {
      patience = setTimeout(leave, GRACE_MS)
    }
    signal.addEventListener('abort', wait, { once: true })
    try {
      return await work()
    } finally {
      signal.removeEventListener('abort', wait)
      clearTimeout(patience)
    }
  }).then(resolve, reject)
  return promise
}
