import type { ApiScope, Principal, SignedInBy } from '@plumbline/tools/contract'

/** Who asks, and how that was proven. */
export interface Caller {
  readonly principal: Principal
  readonly by: 'session' | 'bearer'
  readonly means: SignedInBy
  /** What the rate limit counts: one session, key or grant. */
  readonly key: string
  /** What the key or token is good for; null: all that the principal may. */
  readonly scopes: ReadonlySet<ApiScope> | null
  readonly email: string | null
  readonly session?: { readonly hash: string; readonly expiresAt: Date; readonly idToken: string | null }
  readonly apiKey?: { readonly id: string; readonly expiresAt: Date }
}

/** What a token is made for; it is good nowhere else (RFC 8707). */
export type Resource = 'api' | 'mcp'
