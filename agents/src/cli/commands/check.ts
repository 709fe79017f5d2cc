import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AppError } from '@plumbline/tools/errors'
import { refused } from '../check/check-result.ts'
import { inOrder } from '../check/in-order.ts'
import { lineBatches } from '../check/line-batches.ts'
import { CheckDialect, idOf } from '../check/read-statement.ts'
import { renderResult } from '../check/render-result.ts'
import { readRules } from '../check/rules.ts'
import { type Judged, WorkerPool } from '../check/worker-pool.ts'
import { terminalStyle } from '../render/style.ts'

export interface CheckOptions {
  readonly dialect?: string
  readonly policies?: string
  readonly schema?: string
  readonly source?: string
  readonly workers?: string
  readonly pretty?: boolean
  readonly failOnRefusal?: boolean
}

const WORKER = new URL('../check/worker.ts', import.meta.url)
/** The guard is done in milliseconds; a batch that takes this long hangs. */
const DEADLINE_MS = 20_000
const MAX_WORKERS = 64

/** Judges statements without running them. Returns the exit code. */
export async function checkCommand(files: readonly string[], options: CheckOptions): Promise<number> {
  const size = workersOf(options.workers)
  const pretty = options.pretty ?? false
  if (options.policies !== undefined && options.schema === undefined) {
    throw new AppError('INPUT_INVALID', '--policies needs --schema: row filters and masks are put in column by column.')
  }
  const rules = await readRules({
    dialect: dialectOf(options.dialect),
    source: options.source ?? 'default',
    policies: options.policies,
    schema: options.schema,
  })
  const pool = new WorkerPool({
    size,
    start: () => new Worker(WORKER, { workerData: { rules, pretty } }),
    onLost: (line) => lost(line, pretty),
    deadlineMs: DEADLINE_MS,
  })
  process.once('SIGINT', () => process.exit(130))
  const counts = { allowed: 0, refused: 0 }
  try {
    for await (const judged of inOrder(lineBatches(input(files)), (lines) => pool.judge(lines), size * 2)) {
      for (const { allowed } of judged) counts[allowed ? 'allowed' : 'refused']++
      const text = judged.map((one) => `${one.text}\n`).join('')
      if (!process.stdout.write(text)) await once(process.stdout, 'drain')
    }
  } finally {
    await pool.close()
  }
  if (pretty) process.stderr.write(`${counts.allowed} allowed, ${counts.refused} refused\n`)
  return options.failOnRefusal && counts.refused > 0 ? 1 : 0
}

/** The statement that ended its thread is refused: what can not be judged may not run. */
function lost(line: string, pretty: boolean): Judged {
  let id: string | number | null = null
  try {
    id = idOf(JSON.parse(line))
  } catch {
    // It has none.
  }
  const result = refused(id, 'QUERY_TOO_COMPLEX', 'The check of this statement did not end. Write it in a simpler way.')
  return { allowed: false, text: pretty ? renderResult(result, terminalStyle()) : JSON.stringify(result) }
}

async function* input(files: readonly string[]): AsyncGenerator<Uint8Array | string> {
  if (files.length === 0) yield* process.stdin
  for (const file of files) {
    if (file === '-') yield* process.stdin
    else yield* contentOf(file)
    // A file that ends without a line break does not run into the next one.
    yield '\n'
  }
}

async function* contentOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file)
  } catch (cause) {
    throw new AppError('FILE_INVALID', `${file} can not be read. Is the path right?`, { cause })
  }
}

function workersOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism()
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= MAX_WORKERS) return count
  throw new AppError('INPUT_INVALID', `--workers is a number from 1 to ${MAX_WORKERS}.`)
}

function dialectOf(name: string | undefined) {
  if (name === undefined) return null
  const parsed = CheckDialect.safeParse(name)
  if (parsed.success) return parsed.data
  throw new AppError('INPUT_INVALID', `--dialect: ${parsed.error.issues[0]?.message}.`)
}
