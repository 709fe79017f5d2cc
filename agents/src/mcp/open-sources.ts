import { type Caller, connect, connectInMemory, dryRun, type Governance } from '@plumbline/mcp-kit'
import type { DryRun, PolicyDocument, Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type RegisteredServer, registeredServers } from './registry.ts'
import { type SourceClient, sourceClient } from './source-client.ts'

/** The connected sources. They are read only in somebody's name. */
export interface Sources {
  readonly names: readonly string[]
  /** The sources as one caller reaches them, by name. */
  as(caller: Caller): ReadonlyMap<string, SourceClient>
  /** Title of each source and the number of its tables, without a statement. */
  look(): Promise<{ readonly title: string; readonly tables: number }[]>
  /** What a statement would become for a person under a document that need not be in force. @throws NOT_FOUND */
  dryRun(request: {
    readonly source: string
    readonly policies: PolicyDocument | null
    readonly principal: Principal
    readonly sql: string
  }): Promise<DryRun>
  close(): Promise<void>
}

/** Connects every registered server in this process. Throws when one can not be reached. */
export async function openSources(
  governance: Governance,
  servers: readonly RegisteredServer[] = registeredServers(),
): Promise<Sources> {
  const opened = await Promise.all(
    servers.map(async ({ definition, config }) => {
      const connection = await connect(definition, config, governance)
      return { name: definition.name, client: await connectInMemory(connection), connection }
    }),
  )
  return {
    names: opened.map(({ name }) => name),
    as: (caller) => new Map(opened.map(({ name, client }) => [name, sourceClient(name, client, caller)])),
    look: () =>
      Promise.all(
        opened.map(async ({ connection: { definition, model, capabilities } }) => ({
          title: model?.title ?? definition.title,
          tables: (await capabilities.warehouse.list()).length,
        })),
      ),
    async dryRun({ source, ...request }) {
      const found = opened.find(({ name }) => name === source)
      if (found) return dryRun(found.connection, request)
      throw new AppError('NOT_FOUND', `There is no source \`${source}\`.`)
    },
    async close() {
      for (const { client, connection } of opened) {
        await client.close()
        await connection.close()
      }
    },
  }
}
