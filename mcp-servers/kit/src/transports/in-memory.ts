import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { Principal } from '@plumbline/tools/contract'
import { buildServer } from '../build-server.ts'
import type { Connection } from '../connection.ts'

/** An MCP client in the same process: the same protocol and tools, without a wire. */
export async function connectInMemory(connection: Connection, principal: Principal): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'plumbline', version: connection.definition.version })
  await Promise.all([buildServer(connection, principal).connect(far), client.connect(near)])
  return client
}
