import { AuditSurface, Principal } from '@plumbline/tools/contract'
import { z } from 'zod'

/** Who calls a tool, and what for: it decides what they see and stands in the audit log. */
export const Caller = z.object({
  principal: Principal,
  surface: AuditSurface,
  /** What the person asked in words, when a question led to this call. */
  question: z.string().optional(),
  answerId: z.string().optional(),
  requestId: z.string().optional(),
  /** Somebody has approved this very query. */
  approvalId: z.string().optional(),
})
export type Caller = z.infer<typeof Caller>

/**
 * Where a call within one process says for whom it is made. Only the in-memory transport reads it: over a wire anyone could
 * write it.
 */
export const CALLER_META = 'plumbline/caller'
