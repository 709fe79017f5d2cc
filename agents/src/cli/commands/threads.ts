import { ThreadPage } from '@plumbline/tools/contract'
import type { Config } from '../../config.ts'
import { runningServer } from '../ask-door.ts'
import { plainText, terminalStyle } from '../render/style.ts'
import { withOwnState } from '../with-own-state.ts'

const SHOWN = 20

/** Lists the latest threads with the id that `--thread` takes. */
export async function threadsCommand(options: { json?: boolean }, config: Config): Promise<number> {
  const { threads } = await listThreads(config)
  const style = terminalStyle()
  if (options.json) process.stdout.write(`${JSON.stringify(threads, null, 2)}\n`)
  else if (threads.length === 0)
    process.stdout.write('No threads yet. Ask: plumbline ask "How many flights are there?"\n')
  for (const thread of options.json ? [] : threads) {
    process.stdout.write(
      `${style.dim(thread.id)}  ${thread.updatedAt.slice(0, 16).replace('T', ' ')} UTC  ${plainText(thread.title)}\n`,
    )
  }
  return 0
}

async function listThreads(config: Config): Promise<ThreadPage> {
  const server = await runningServer(config)
  if (server) return ThreadPage.parse(await server.call('GET', `/api/threads?limit=${SHOWN}`))
  return withOwnState(config, (state, principalId) => state.threads.list(principalId, { limit: SHOWN }))
}
