import { z } from 'zod'

/**
 * What a key or a token is good for; each stands alone, none contains another. `ask`: questions, over REST, the socket and MCP.
 * `query`: a query of one's own. `read`: catalog, threads, answers, receipts. `audit.read`: the audit log. `admin`: policies
 * and people. Whoever it acts for must have the right as well.
 */
export const ApiScope = z.enum(['ask', 'query', 'read', 'audit.read', 'admin'])
export type ApiScope = z.infer<typeof ApiScope>

/** At least one scope, each once. */
export const ApiScopes = z
  .array(ApiScope)
  .min(1)
  .max(ApiScope.options.length)
  .transform((scopes) => [...new Set(scopes)])

/** How long a key may live, in days; one that never ends is not made. */
export const MAX_KEY_DAYS = 365

/** An API key as it can be listed: without the secret, which nobody can read again. Times are ISO 8601 in UTC. */
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters of the secret, to tell keys apart: `pl_3fA9…`. */
  prefix: z.string(),
  scopes: z.array(ApiScope),
  /** Whose key it is; it never does more than this person may. */
  owner: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.string(),
  expiresAt: z.string(),
  /** To the minute; null: never used. */
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  status: z.enum(['active', 'expired', 'revoked']),
})
export type ApiKey = z.infer<typeof ApiKey>

/** POST /api/keys */
export const ApiKeyRequest = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: ApiScopes,
  expiresInDays: z.number().int().min(1).max(MAX_KEY_DAYS).default(90),
})
export type ApiKeyRequest = z.infer<typeof ApiKeyRequest>

/** What POST /api/keys answers; `secret` is shown this once. */
export const ApiKeyCreated = z.object({ key: ApiKey, secret: z.string() })
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>

/** GET /api/keys: one's own, newest first; `?everyone=true` lists all for who may manage users. DELETE /api/keys/:id revokes. */
export const ApiKeyList = z.object({ keys: z.array(ApiKey) })
export type ApiKeyList = z.infer<typeof ApiKeyList>
