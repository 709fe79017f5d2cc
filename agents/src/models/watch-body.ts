import { AppError } from '@plumbline/tools/errors'

export interface WatchOptions {
  /** Longest silence between two chunks, and the longest time for all of them, in milliseconds. */
  readonly idleMs: number
  readonly leftMs: number
  readonly signal: AbortSignal | undefined
  /** The error of a body that breaks, falls silent or takes too long. */
  cut(reason: 'broken' | 'silent' | 'late', cause?: unknown): AppError
}

/**
 * A response whose body fails when it falls silent. The SDKs guard only the time to the headers: a socket that hangs in
 * the middle of a stream would keep a question waiting for ever. Bytes count as life, so keep-alive comments and pings do.
 */
export function watchBody(response: Response, options: WatchOptions): Response {
  if (!response.body) throw options.cut('broken')
  const reader = response.body.getReader()
  let end: (error: AppError) => void = () => {}
  // Rejects at most once; nobody may be listening when it does.
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  ended.catch(() => {})
  const late = setTimeout(() => end(options.cut('late')), options.leftMs)
  const stop = () => end(new AppError('QUERY_CANCELLED', 'Stopped.'))
  if (options.signal?.aborted) stop()
  options.signal?.addEventListener('abort', stop, { once: true })
  const release = () => {
    clearTimeout(late)
    options.signal?.removeEventListener('abort', stop)
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const silent = setTimeout(() => end(options.cut('silent')), options.idleMs)
      try {
        const { done, value } = await Promise.race([reader.read(), ended])
        if (!done) return controller.enqueue(value)
        release()
        controller.close()
      } catch (error) {
        release()
        controller.error(error instanceof AppError ? error : options.cut('broken', error))
        // Closes the socket; a body that is broken already may refuse, and that changes nothing.
        reader.cancel().catch(() => {})
      } finally {
        clearTimeout(silent)
      }
    },
    async cancel() {
      release()
      await reader.cancel().catch(() => {})
    },
  })
  return new Response(body, { status: response.status, headers: response.headers })
}
