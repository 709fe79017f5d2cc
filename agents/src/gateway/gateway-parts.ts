import type { FastifyBaseLogger } from 'fastify'
import type { Assistant } from '../assistant/assistant.ts'
import type { Config } from '../config.ts'
import type { State } from '../state/index.ts'
import type { LoginTokens } from './login-tokens.ts'

/** What the gateway serves, and with what. */
export interface GatewayParts {
  readonly config: Pick<Config, 'host' | 'allowedHosts' | 'rateLimit'>
  readonly assistant: Assistant
  readonly state: State
  readonly logger: FastifyBaseLogger
  readonly access: {
    /** The long-lived token of this installation, for the command line and MCP clients (`Authorization: Bearer`). */
    readonly apiToken: string
    readonly loginTokens: LoginTokens
  }
  /** Further parts whose health is reported, by name; a check that throws is "down". */
  readonly sources?: ReadonlyMap<string, () => Promise<void>>
  /** Folder of the built page. */
  readonly pageDir?: string
}
