import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { buildServer } from '../build-server.ts'
import { CALLER_META, Caller } from '../caller.ts'
import type { Connection } from '../connection.ts'

/**
 * An MCP client in the same process: the same protocol and tools, without a wire. Each call names its caller in
 * `_meta[CALLER_META]`; one that names none is made for `principal`, or refused when there is none.
 */
export async function connectInMemory(connection: Connection, principal?: Principal): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'plumbline', version: connection.definition.version })
  await Promise.all([buildServer(connection, (meta) => callerOf(meta, principal)).connect(far), client.connect(near)])
  return client
}

function callerOf(meta: Readonly<Record<string, unknown>> | undefined, principal: Principal | undefined): Caller {
  const named = meta?.[CALLER_META]
  if (named !== undefined) return Caller.parse(named)
  if (principal === undefined) throw new AppError('UNAUTHENTICATED', 'The call does not say for whom it is made.')
  return { principal, surface: 'system' }
}
