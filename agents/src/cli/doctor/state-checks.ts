import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { toAppError } from '@plumbline/tools/errors'
import type { Config } from '../../config.ts'
import { runningServer } from '../ask-door.ts'
import { bad, type DoctorCheck, ok } from './finding.ts'

/** Whether the state can be opened and the port be had, or the server already has both. */
export function stateChecks(config: Config): DoctorCheck[] {
  return [
    async function Server() {
      const server = await runningServer(config)
      return ok('Server', server ? `running at ${server.url}` : 'not running: npm start serves the page')
    },
    async function Folder() {
      if (!existsSync(config.dataDir)) mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
      try {
        accessSync(config.dataDir, constants.W_OK | constants.X_OK)
        return ok('Data folder', `${config.dataDir}, writable`)
      } catch {
        return bad(
          'Data folder',
          `${config.dataDir} is not writable`,
          'Give yourself the right to write there, or set PLUMBLINE_DATA_DIR.',
        )
      }
    },
    async function State() {
      const kind = config.databaseUrl ? 'Postgres of DATABASE_URL' : 'embedded Postgres'
      // The server holds the embedded database; that it answers is in its own health check.
      if (!config.databaseUrl && (await runningServer(config)))
        return ok('State', `${kind}, held by the running server`)
      try {
        const { openState } = await import('../../state/index.ts')
        const state = await openState(config)
        await state.close()
        return ok('State', `${kind} opens`)
      } catch (error) {
        return bad(
          'State',
          toAppError(error).message,
          'Stop the other process, or set PLUMBLINE_DATA_DIR or DATABASE_URL.',
        )
      }
    },
    async function Port() {
      const server = await runningServer(config)
      if (server && Number(new URL(server.url).port) === config.port)
        return ok('Port', `${config.port}, used by the running server`)
      const error = await tryPort(config.port, config.host)
      if (error === null) return ok('Port', `${config.port} is free`)
      return bad(
        'Port',
        `${config.port} can not be had (${error})`,
        `Stop the program that has it, or set PLUMBLINE_PORT=${config.port < 65_535 ? config.port + 1 : 3000}.`,
      )
    },
  ]
}

function tryPort(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })
}
