import type { SemanticModel } from '@plumbline/tools/semantic'
import type { SqlDialect } from '@plumbline/tools/sql'
import type { z } from 'zod'
import type { Capabilities } from './warehouse.ts'

/** Limits that hold for every query of a server, whoever asks. */
export interface ServerLimits {
  readonly maxRows: number
  readonly timeoutMs: number
  /** Queries that run at once; more wait. */
  readonly concurrentQueries: number
}

/** A system behind the kit. Its `server.ts` is one expression of this. */
export interface ServerDefinition<Config extends z.ZodType = z.ZodType> {
  /** Name of the source in the catalog, and of the MCP server. */
  readonly name: string
  readonly title: string
  readonly version: string
  readonly dialect: SqlDialect
  readonly config: Config
  readonly limits: (config: z.output<Config>) => ServerLimits
  readonly connect: (config: z.output<Config>) => Promise<Capabilities>
  /** The written meaning of the tables, or null when there is none. */
  readonly loadModel: (config: z.output<Config>) => Promise<SemanticModel | null>
}

/** Declares a server; the kit derives tools, transports, errors and limits from it. */
export function defineServer<Config extends z.ZodType>(definition: ServerDefinition<Config>): ServerDefinition<Config> {
  return definition
}
