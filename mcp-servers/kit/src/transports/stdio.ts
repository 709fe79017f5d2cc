import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { Principal } from '@plumbline/tools/contract'
import { buildServer } from '../build-server.ts'
import type { Connection } from '../connection.ts'

/** Serves one client on stdin and stdout until it closes stdin; nothing else may be written to stdout. */
export async function serveStdio(connection: Connection, principal: Principal): Promise<void> {
  const server = buildServer(connection, principal)
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  server.onclose = resolve
  process.stdin.once('end', () => void server.close())
  await server.connect(new StdioServerTransport())
  await closed
  await connection.close()
}
