import { AppError } from '@plumbline/tools/errors'
import type { Config } from '../../config.ts'
import { runningServer } from '../ask-door.ts'

/** Prints a new link to the running server; it works once. */
export async function linkCommand(config: Config): Promise<number> {
  const server = await runningServer(config)
  if (!server) throw new AppError('STATE_UNAVAILABLE', 'Plumbline is not running: start it with npm start.')
  const { token } = (await server.call('POST', '/api/login-links')) as { token: string }
  process.stdout.write(`${server.url}/?token=${token}\n`)
  return 0
}
