import { engineServer } from '@plumbline/mcp-engine'
import type { ServerDefinition } from '@plumbline/mcp-kit'

export interface RegisteredServer {
  readonly definition: ServerDefinition
  readonly config: unknown
}

/** The sources of this installation. The only file that names a server: agents choose by the catalog. */
export function registeredServers(env: Readonly<Record<string, string | undefined>> = process.env): RegisteredServer[] {
  const dataDir = env.PLUMBLINE_ENGINE_DATA_DIR
  return [{ definition: engineServer as unknown as ServerDefinition, config: dataDir ? { dataDir } : {} }]
}
