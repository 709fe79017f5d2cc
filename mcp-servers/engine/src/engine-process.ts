import { toAppError } from '@plumbline/tools/errors'
import { openEngine } from './duckdb-engine.ts'
import type { Engine } from './engine.ts'
import type { FromEngine, ToEngine } from './engine-messages.ts'

/** The program of the engine's own process: it obeys its parent over IPC and ends with it. */
const running = new Map<number, AbortController>()
let engine: Engine | undefined

const send = (message: FromEngine) => process.send?.(message)

process.on('message', (message: ToEngine) => {
  if (message.type === 'open') void open(message)
  else if (message.type === 'query') void query(message)
  else running.get(message.id)?.abort()
})
// Also when the parent is killed. A query in a thread would hold an orderly exit.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

async function open({ options }: Extract<ToEngine, { type: 'open' }>): Promise<void> {
  try {
    engine = await openEngine(options)
    send({ type: 'opened', tables: engine.tables, loadedAt: engine.loadedAt })
  } catch (error) {
    send({ type: 'not-opened', error: toAppError(error).toJSON() })
  }
}

async function query({ id, sql, maxBytes }: Extract<ToEngine, { type: 'query' }>): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  try {
    if (!engine) throw new Error('queries come after open')
    send({ type: 'rows', id, result: await engine.query(sql, controller.signal, maxBytes) })
  } catch (error) {
    send({ type: 'error', id, error: toAppError(error).toJSON() })
  } finally {
    running.delete(id)
  }
}
