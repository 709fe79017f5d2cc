import { z } from 'zod'
import { ApiScope } from './api-key.ts'
import { SignedInBy } from './identity.ts'

/** GET /api/health: `ok` only when every part answers. */
export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptimeSeconds: z.number(),
  parts: z.record(
    z.string(),
    z.object({ status: z.enum(['ok', 'down']), detail: z.string().optional(), ms: z.number().optional() }),
  ),
})
export type Health = z.infer<typeof Health>

/** GET /api/me: who the page acts for, and what it may offer. */
export const Me = z.object({
  principal: z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }),
  email: z.string().nullable().default(null),
  /** What the roles let this person do beside reading data; the page hides the rest. */
  permissions: z.array(z.string()).default([]),
  signedInBy: SignedInBy.default('link'),
  /** What the key or token of this request is good for; null: all that the person may. */
  scopes: z.array(ApiScope).nullable().default(null),
  /** When the session ends whatever happens, ISO 8601; null where there is no session. */
  sessionExpiresAt: z.string().nullable().default(null),
  /** `none` means that the planner answers alone. */
  model: z.string(),
  version: z.string(),
})
export type Me = z.infer<typeof Me>
