import { z } from 'zod'

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
  /** `none` means that the planner answers alone. */
  model: z.string(),
  version: z.string(),
})
export type Me = z.infer<typeof Me>
