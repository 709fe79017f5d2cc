import { connect, connectInMemory } from '@plumbline/mcp-kit'
import type { Principal } from '@plumbline/tools/contract'
import { type RegisteredServer, registeredServers } from './registry.ts'
import { type SourceClient, sourceClient } from './source-client.ts'

/** Connects every registered server in this process, by the name of its source. Throws when one can not be reached. */
export async function openSources(
  principal: Principal,
  servers: readonly RegisteredServer[] = registeredServers(),
): Promise<Map<string, SourceClient>> {
  const opened = await Promise.all(
    servers.map(async ({ definition, config }) => {
      const connection = await connect(definition, config)
      const client = await connectInMemory(connection, principal)
      return sourceClient(definition.name, client, () => connection.close())
    }),
  )
  return new Map(opened.map((client) => [client.name, client]))
}
