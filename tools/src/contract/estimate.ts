import { z } from 'zod'

/** What a system says beforehand that a query costs. A figure that is absent is not known; it is not zero. */
export const Estimate = z.object({
  /** Rows that are read, or that the largest join makes on the way, whichever is more. */
  rows: z.number().nonnegative().optional(),
  bytes: z.number().nonnegative().optional(),
  /** In `unit`. */
  cost: z.number().nonnegative().optional(),
  /** What the system itself counts in: `rows`, `bytes`, or the name of its own cost. */
  unit: z.string(),
  /** `explain`: the planner's figures; `bytes`: the bytes that storage will hand over; `none`: it could not be had. */
  source: z.enum(['explain', 'bytes', 'none']),
  /** The system knows it from its catalog; false: it guesses. */
  exact: z.boolean(),
  /** Why there is none, for the reader. */
  reason: z.string().optional(),
})
export type Estimate = z.infer<typeof Estimate>
