import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../config.ts'
import { readApiToken } from '../../gateway/local-files.ts'
import { runningServer } from '../ask-door.ts'

const SERVER = fileURLToPath(new URL('../../../../mcp-servers/engine/src/stdio.ts', import.meta.url))
const COMMAND = fileURLToPath(new URL('../../../bin/plumbline.mjs', import.meta.url))

/** Serves the guarded data tools on stdin and stdout, in a process of their own. */
export async function mcpCommand(options: { printConfig?: boolean }, config: Config): Promise<number> {
  if (options.printConfig) return printConfig(config)
  const child = spawn(process.execPath, [SERVER], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}

async function printConfig(config: Config): Promise<number> {
  const server = await runningServer(config)
  const token = readApiToken(config.dataDir)
  const product =
    server && token ? { plumbline: { url: `${server.url}/mcp`, headers: { Authorization: `Bearer ${token}` } } } : {}
  const engine = {
    flights: {
      // Whole paths: clients start it in any folder, and there npx would look for a package of that name in the registry.
      command: process.execPath,
      args: [COMMAND, 'mcp'],
    },
  }
  process.stdout.write(`${JSON.stringify({ mcpServers: { ...product, ...engine } }, null, 2)}\n`)
  if (!server) process.stderr.write('Whole answers need the server: start it with npm start, and run this again.\n')
  return 0
}
