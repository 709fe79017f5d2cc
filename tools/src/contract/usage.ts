import { z } from 'zod'

const Count = z.number().int().nonnegative()

/** What one person used on one day (UTC). */
export const UsageDay = z.object({
  day: z.iso.date(),
  inputTokens: Count,
  outputTokens: Count,
  /** US dollars for language models. */
  usd: z.number().nonnegative(),
  questions: Count,
  queries: Count,
  /** By the estimates of the systems. */
  rowsScanned: z.number().nonnegative(),
})
export type UsageDay = z.infer<typeof UsageDay>

/** GET /api/usage?days=30: one's own, newest first; days without use are left out. */
export const UsageReport = z.object({
  days: z.array(UsageDay),
  today: UsageDay,
  /** Held by model calls that run now. */
  held: z.object({ tokens: Count, usd: z.number().nonnegative() }),
  /** Null: not limited. */
  limits: z.object({ tokensPerDay: Count.nullable(), usdPerDay: z.number().nonnegative().nullable() }),
  /** When the day ends, ISO 8601. */
  resetsAt: z.string(),
})
export type UsageReport = z.infer<typeof UsageReport>

/** GET /api/usage/people?days=30, for who may manage users: everybody, most expensive first. */
export const UsageOfPeople = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  people: z.array(UsageDay.omit({ day: true }).extend({ principalId: z.string() })),
})
export type UsageOfPeople = z.infer<typeof UsageOfPeople>
