import { z } from 'zod'
import { ApiScope, ApiScopes } from './api-key.ts'

/** GET /api/auth/methods, open to everyone: what a sign-in page can offer. */
export const SignInMethods = z.object({
  /** Sign-in at the identity provider, or null where none is configured. `url` takes `?return=/path`. */
  oidc: z.object({ url: z.string(), issuer: z.string() }).nullable(),
  /** Whether a one-time link (`plumbline link`) lets in, on the machine itself. */
  link: z.boolean(),
})
export type SignInMethods = z.infer<typeof SignInMethods>

/** How a request proved who asks. */
export const SignedInBy = z.enum(['link', 'oidc', 'api-token', 'api-key', 'access-token'])
export type SignedInBy = z.infer<typeof SignedInBy>

/** POST /api/logout where the identity provider can end its own session too: send the browser there. */
export const SignedOut = z.object({ endSessionUrl: z.string() })
export type SignedOut = z.infer<typeof SignedOut>

/** Somebody who has signed in at least once. Times are ISO 8601 in UTC. */
export const User = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  /** As the identity provider said at the last sign-in. */
  groups: z.array(z.string()),
  /** What the groups give by the policies now. */
  roles: z.array(z.string()),
  attributes: z.record(z.string(), z.unknown()),
  createdAt: z.string(),
  /** To the minute. */
  lastSeenAt: z.string().nullable(),
  disabledAt: z.string().nullable(),
})
export type User = z.infer<typeof User>

/** GET /api/users, for who may manage users. */
export const UserList = z.object({ users: z.array(User) })
export type UserList = z.infer<typeof UserList>

/** PATCH /api/users/:id. Disabling ends the sessions, tokens and keys of the person at once. */
export const UserChange = z.object({ disabled: z.boolean() })
export type UserChange = z.infer<typeof UserChange>

/** POST /api/tokens: exchanges a session or an API key for a short-lived access token and a refresh token. */
export const TokenRequest = z.object({
  /** What the token is for: the API (the default) or MCP. It is good nowhere else. */
  resource: z.enum(['api', 'mcp']).default('api'),
  /** Never more than the key has that is exchanged; unset: those of the key, or `ask` and `read` for a session. */
  scopes: ApiScopes.optional(),
})
export type TokenRequest = z.infer<typeof TokenRequest>

/** Names as in OAuth 2.1 (RFC 6749, section 5.1). */
export const TokenReply = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.number().int(),
  /** Good once: each use gives the next one. */
  refresh_token: z.string(),
  scope: z.string(),
})
export type TokenReply = z.infer<typeof TokenReply>

/** POST /api/tokens/refresh */
export const TokenRefresh = z.object({
  refresh_token: z.string().min(1).max(500),
  /** Fewer scopes than before; unset, the same. */
  scopes: z.array(ApiScope).min(1).max(ApiScope.options.length).optional(),
})
export type TokenRefresh = z.infer<typeof TokenRefresh>

/** POST /api/tokens/revoke: an access or a refresh token; what was made with it ends too. */
export const TokenRevoke = z.object({ token: z.string().min(1).max(8000) })
export type TokenRevoke = z.infer<typeof TokenRevoke>
