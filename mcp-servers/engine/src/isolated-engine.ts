import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { Engine, EngineRows } from './engine.ts'
import type { FromEngine, ToEngine } from './engine-messages.ts'
import type { OpenOptions } from './open-duckdb.ts'

const PROGRAM = fileURLToPath(new URL('engine-process.ts', import.meta.url))
/** How long a query may go on after it was told to stop; then its process is killed. Some functions of DuckDB hear nothing. */
const STOP_MS = 2_000
/** Threads in which the process waits for DuckDB: one for each query that the server lets run at once, and some to spare. */
const THREADS = '12'

/**
 * DuckDB in a process of its own. A statement that passed the gate can still make DuckDB crash, run on or take all memory: that ends
 * its process and the queries in it, and neither this process nor its audit log. The next query starts another one.
 */
export async function isolatedEngine(options: OpenOptions): Promise<Engine> {
  let current: EngineProcess | undefined
  let closed = false
  const started = async (): Promise<EngineProcess> => {
    if (closed) throw new AppError('SOURCE_UNAVAILABLE', 'The engine is closed.')
    if (!current || current.ended) current = new EngineProcess(options)
    const process = current
    await process.opened
    return process
  }
  const first = await started()
  const { tables, loadedAt } = await first.opened
  return {
    tables,
    loadedAt,
    query: async (sql, signal, maxBytes) => (await started()).query(sql, signal, maxBytes),
    async close() {
      closed = true
      await current?.close()
    },
  }
}

interface Waiting {
  readonly resolve: (rows: EngineRows) => void
  readonly reject: (error: AppError) => void
}

type Opened = Extract<FromEngine, { type: 'opened' }>

class EngineProcess {
  readonly opened: Promise<Opened>
  ended = false
  private readonly child: ChildProcess
  private readonly exited: Promise<void>
  private readonly waiting = new Map<number, Waiting>()
  private last = 0

  constructor(options: OpenOptions) {
    this.child = fork(PROGRAM, {
      // Flags of this process, such as a test runner's, are not for it.
      execArgv: [],
      env: { ...process.env, UV_THREADPOOL_SIZE: THREADS },
      // Over stdio, stdout belongs to the protocol.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    })
    const opened = Promise.withResolvers<Opened>()
    const exited = Promise.withResolvers<void>()
    this.opened = opened.promise
    this.exited = exited.promise
    // Whoever waits for it is told; nobody may.
    this.opened.catch(() => {})
    this.child.on('message', (message: FromEngine) => {
      if (message.type === 'opened') opened.resolve(message)
      else if (message.type === 'not-opened') opened.reject(toAppError(message.error))
      else this.settle(message)
      if (message.type === 'not-opened') this.child.kill('SIGKILL')
      this.keepAlive()
    })
    const end = () => {
      this.ended = true
      opened.reject(new AppError('SOURCE_UNAVAILABLE', 'The engine could not be started.'))
      for (const { reject } of this.waiting.values()) reject(brokeOff())
      this.waiting.clear()
      exited.resolve()
    }
    this.child.once('exit', end)
    this.child.once('error', end)
    this.post({ type: 'open', options })
  }

  query(sql: string, signal: AbortSignal, maxBytes?: number): Promise<EngineRows> {
    if (signal.aborted) return Promise.reject(new AppError('QUERY_CANCELLED', 'Stopped.'))
    if (this.ended) return Promise.reject(brokeOff())
    const id = ++this.last
    const { promise, resolve, reject } = Promise.withResolvers<EngineRows>()
    this.waiting.set(id, { resolve, reject })
    this.keepAlive()
    this.post({ type: 'query', id, sql, ...(maxBytes === undefined ? {} : { maxBytes }) })
    let patience: NodeJS.Timeout | undefined
    const stop = () => {
      this.post({ type: 'stop', id })
      patience = setTimeout(() => {
        this.waiting.get(id)?.reject(new AppError('QUERY_CANCELLED', 'Stopped.'))
        this.waiting.delete(id)
        // What comes next gets another process, not the rest of this one.
        this.ended = true
        this.child.kill('SIGKILL')
      }, STOP_MS)
    }
    signal.addEventListener('abort', stop, { once: true })
    return promise.finally(() => {
      signal.removeEventListener('abort', stop)
      clearTimeout(patience)
    })
  }

  async close(): Promise<void> {
    // Whoever waits for its end must live to see it.
    this.child.ref()
    this.child.kill('SIGKILL')
    await this.exited
  }

  private settle(message: Extract<FromEngine, { id: number }>): void {
    const waiting = this.waiting.get(message.id)
    this.waiting.delete(message.id)
    if (message.type === 'rows') waiting?.resolve(message.result)
    else waiting?.reject(toAppError(message.error))
  }

  private post(message: ToEngine): void {
    // A process that has gone says so by `exit`.
    if (this.child.connected) this.child.send(message, () => {})
  }

  /** An idle engine does not keep this process alive, one at work does. */
  private keepAlive(): void {
    if (this.waiting.size > 0) {
      this.child.ref()
      this.child.channel?.ref()
    } else {
      this.child.unref()
      this.child.channel?.unref()
    }
  }
}

const brokeOff = () =>
  new AppError(
    'QUERY_FAILED',
    'The engine broke off while this query ran, and starts again with the next one. If it was this query that broke it, write it in another way.',
  )
