import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import type { Assistant } from '../assistant/assistant.ts'
import type { Config } from '../config.ts'
import type { IdentityOptions } from '../identity/index.ts'
import type { State } from '../state/index.ts'
import type { LoginTokens } from './login-tokens.ts'

/** What the gateway serves, and with what. */
export interface GatewayParts {
  readonly config: Pick<
    Config,
    'host' | 'allowedHosts' | 'rateLimit' | 'askRateLimit' | 'corsOrigins' | 'trustedProxies' | 'tlsCert' | 'publicUrl'
  >
  readonly assistant: Assistant
  readonly state: State
  readonly logger: FastifyBaseLogger
  readonly access: {
    /** The long-lived token of this installation, for the command line and MCP clients (`Authorization: Bearer`). */
    readonly apiToken: string
    readonly loginTokens: LoginTokens
  }
  /** How one signs in and what roles may do; unset: the local one-user mode. */
  readonly identity?: IdentityOptions
  /** Further parts whose health is reported, by name; a check that throws is "down". */
  readonly sources?: ReadonlyMap<string, () => Promise<void>>
  /** Keeps the rate limits of several processes together. */
  readonly redis?: Redis
  /** Certificate and key, PEM, when the server itself speaks HTTPS. */
  readonly tls?: {
    readonly cert: Buffer
    readonly key: Buffer
    readonly minVersion: 'TLSv1.2'
    readonly ciphers: string
    readonly honorCipherOrder: true
  }
  /** Folder of the built page. */
  readonly pageDir?: string
}
