import type { ApiScope, SignedInBy } from '@plumbline/tools/contract'
import { type ApiKeys, KEY_PREFIX } from '../state/api-keys.ts'
import { hashOf } from '../state/secret.ts'
import type { TokenGrants } from '../state/token-grants.ts'
import type { UserRecord, Users } from '../state/users.ts'
import type { Caller, Resource } from './caller.ts'
import { principalOfUser, type RolesOf } from './principal-of-user.ts'
import type { AccessTokens } from './tokens/access-tokens.ts'
import type { ProviderTokens } from './tokens/provider-tokens.ts'

export interface BearerParts {
  readonly users: Users
  readonly apiKeys: ApiKeys
  readonly grants: TokenGrants
  readonly access: AccessTokens
  /** Where an identity provider is configured. */
  readonly provided: ProviderTokens | null
  readonly rolesOf: RolesOf
}

/** Who brings an API key or an access token for a resource; null when it is not good (any more), or for another resource. */
export type BearerCaller = (bearer: string, resource: Resource) => Promise<Caller | null>

export function bearerCaller({ users, apiKeys, grants, access, provided, rolesOf }: BearerParts): BearerCaller {
  const caller = (
    user: UserRecord | null,
    means: SignedInBy,
    key: string,
    scopes: readonly ApiScope[],
  ): Caller | null => {
    if (user === null || user.disabled_at !== null) return null
    const principal = principalOfUser(user, rolesOf)
    return { principal, by: 'bearer', means, key, scopes: new Set(scopes), email: user.email }
  }

  const byKey = async (secret: string) => {
    const key = await apiKeys.find(secret)
    if (!key) return null
    const found = caller(await users.find(key.user_id), 'api-key', `key-${key.id}`, key.scopes)
    return found && { ...found, apiKey: { id: key.id, expiresAt: key.expires_at } }
  }

  const byOwnToken = async (token: string, resource: Resource) => {
    const verified = await access.verify(token, resource)
    const grant = verified && (await grants.find(verified.grantId))
    if (!verified || grant?.user_id !== verified.userId) return null
    return caller(await users.find(grant.user_id), 'access-token', `grant-${grant.id}`, verified.scopes)
  }

  const byProviderToken = async (token: string, resource: Resource) => {
    const verified = await provided?.verify(token, access.audience(resource))
    if (!verified) return null
    return caller(verified.user, 'access-token', `user-${hashOf(verified.user.id).slice(0, 16)}`, verified.scopes)
  }

  return async (bearer, resource) => {
    if (bearer.startsWith(KEY_PREFIX)) return byKey(bearer)
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(bearer)) return null
    const own = await byOwnToken(bearer, resource)
    // The API takes our own tokens alone; MCP clients bring the provider's.
    return own ?? (resource === 'mcp' ? byProviderToken(bearer, resource) : null)
  }
}
