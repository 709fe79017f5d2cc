import type { ApiKey } from '@plumbline/tools/contract'
import type { ApiKeyRecord } from '../state/api-keys.ts'

/** A key as the API shows it. */
export function apiKeyOf(key: ApiKeyRecord, now: Date): ApiKey {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    owner: { id: key.user_id, name: key.owner_name },
    createdAt: key.created_at.toISOString(),
    expiresAt: key.expires_at.toISOString(),
    lastUsedAt: key.last_used_at?.toISOString() ?? null,
    revokedAt: key.revoked_at?.toISOString() ?? null,
    status: key.revoked_at !== null ? 'revoked' : key.expires_at <= now ? 'expired' : 'active',
  }
}
