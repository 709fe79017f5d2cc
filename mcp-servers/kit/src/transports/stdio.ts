import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { toAppError } from '@plumbline/tools/errors'
import type { z } from 'zod'
import { buildServer } from '../build-server.ts'
import { connect } from '../connection.ts'
import type { ServerDefinition } from '../define-server.ts'
import { openStdioGovernance } from './stdio-governance.ts'
import { stdioPrincipal } from './stdio-principal.ts'

/**
 * A whole server process on stdin and stdout, until the client closes stdin. Nothing but the protocol is written to stdout; what
 * keeps it from starting is one line on stderr and exit code 1.
 */
export async function runStdio<Config extends z.ZodType>(
  definition: ServerDefinition<Config>,
  config: unknown,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  try {
    const principal = stdioPrincipal(env.PLUMBLINE_PRINCIPAL)
    await using governance = await disposable(openStdioGovernance(env))
    const connection = await connect(definition, config, governance)
    const server = buildServer(connection, () => ({ principal, surface: 'stdio' }))
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    server.onclose = resolve
    process.stdin.once('end', () => void server.close())
    await server.connect(new StdioServerTransport())
    await closed
    await connection.close()
  } catch (error) {
    process.stderr.write(`plumbline ${definition.name}: ${toAppError(error).message}\n`)
    process.exitCode = 1
  }
}

async function disposable<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T & AsyncDisposable> {
  const opened = await opening
  return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
}
