import type { DuckDBConnection } from '@duckdb/node-api'
import { AppError } from '@plumbline/tools/errors'

/** An interrupt that arrives before the query has started is lost, so it is sent again until the query has ended. */
const REPEAT_MS = 20

/** Runs work on a connection; aborting the signal interrupts it in the database. */
export async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new AppError('QUERY_CANCELLED', 'Stopped.')
  let again: NodeJS.Timeout | undefined
  const stop = () => {
    connection.interrupt()
    again = setInterval(() => connection.interrupt(), REPEAT_MS)
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work()
  } finally {
    signal.removeEventListener('abort', stop)
    clearInterval(again)
  }
}
