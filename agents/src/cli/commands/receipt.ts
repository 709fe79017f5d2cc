import type { Config } from '../../config.ts'
import { runningServer } from '../ask-door.ts'
import { withOwnState } from '../with-own-state.ts'

/** Prints a receipt again, as JSON, by its id. */
export async function receiptCommand(id: string, config: Config): Promise<number> {
  process.stdout.write(`${JSON.stringify(await fetchReceipt(id, config), null, 2)}\n`)
  return 0
}

async function fetchReceipt(id: string, config: Config): Promise<unknown> {
  const server = await runningServer(config)
  if (server) return server.call('GET', `/api/receipts/${encodeURIComponent(id)}`)
  return withOwnState(config, async (state, principalId) => (await state.answers.ofReceipt(id, principalId)).receipt)
}
