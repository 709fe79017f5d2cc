import type { Worker } from 'node:worker_threads'
import { AppError } from '@plumbline/tools/errors'

/** What a worker says of one line. */
export interface Judged {
  readonly allowed: boolean
  readonly text: string
}

export interface PoolOptions {
  readonly size: number
  /** A worker that says `ready`, and answers each string[] with as many Judged. */
  readonly start: () => Worker
  /** For a line that ended the worker, or took too long. */
  readonly onLost: (line: string) => Judged
  /** Time for a batch; whoever needs longer is taken for hanging. */
  readonly deadlineMs: number
}

interface Task {
  readonly lines: readonly string[]
  readonly done: (judged: Judged[]) => void
  readonly failed: (error: unknown) => void
}

/**
 * Worker threads that judge batches of lines. Workers are started as they are needed. When one dies, its batch is judged again
 * line by line on new ones, so that only the line that ended it is lost.
 */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #waiting: Task[] = []
  readonly #idle: Worker[] = []
  readonly #all = new Set<Worker>()
  #starting = 0
  #closed = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  async judge(lines: readonly string[]): Promise<Judged[]> {
    const judged = await this.#run(lines)
    if (judged) return judged
    if (lines.length === 1) return [this.#options.onLost(lines[0] as string)]
    return (await Promise.all(lines.map((line) => this.judge([line])))).flat()
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#all].map((worker) => worker.terminate()))
  }

  /** Null when the worker died over it. */
  #run(lines: readonly string[]): Promise<Judged[] | null> {
    if (this.#closed) return Promise.reject(new AppError('QUERY_CANCELLED', 'Stopped.'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lines, done: resolve, failed: (error) => (error === null ? resolve(null) : reject(error)) })
      this.#next()
    })
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      this.#give(this.#idle.pop() as Worker, this.#waiting.shift() as Task)
    }
    if (this.#closed || this.#starting >= this.#waiting.length || this.#all.size >= this.#options.size) return
    this.#start()
  }

  #start(): void {
    const worker = this.#options.start()
    this.#all.add(worker)
    this.#starting++
    // Whenever it dies, also while it has nothing to do: it is given nothing more.
    worker.on('error', () => {})
    worker.once('exit', () => {
      this.#all.delete(worker)
      if (this.#idle.includes(worker)) this.#idle.splice(this.#idle.indexOf(worker), 1)
    })
    const gone = (error: unknown) => {
      silence()
      this.#starting--
      // It never came up: the next one will not either.
      for (const task of this.#waiting.splice(0)) task.failed(notStarted(error))
    }
    const silence = listen(worker, {
      error: gone,
      exit: gone,
      message: () => {
        silence()
        this.#starting--
        this.#idle.push(worker)
        this.#next()
      },
    })
  }

  #give(worker: Worker, task: Task): void {
    const late = setTimeout(() => void worker.terminate(), this.#options.deadlineMs)
    const silence = listen(worker, {
      // `exit` follows.
      error: () => {},
      exit: () => {
        free()
        task.failed(null)
        this.#next()
      },
      message: (judged) => {
        free()
        this.#idle.push(worker)
        task.done(judged as Judged[])
        this.#next()
      },
    })
    const free = () => {
      clearTimeout(late)
      silence()
    }
    worker.postMessage(task.lines)
  }
}

/** Returns how to stop: `terminate` has listeners of its own, which stay. */
function listen(
  worker: Worker,
  on: { error: (error: unknown) => void; exit: (code: number) => void; message: (message: unknown) => void },
): () => void {
  worker.on('error', on.error).on('exit', on.exit).on('message', on.message)
  return () => worker.off('error', on.error).off('exit', on.exit).off('message', on.message)
}

function notStarted(cause: unknown): AppError {
  return new AppError('INTERNAL', 'The threads that check the statements do not start. Run: plumbline doctor', {
    cause,
  })
}
