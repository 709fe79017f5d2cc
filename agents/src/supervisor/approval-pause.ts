import { BudgetExceededData } from '@plumbline/tools/governance'
import { z } from 'zod'

/** What a thread waits for when its query is over a scan budget that somebody may lift. */
export const ApprovalPause = z.object({
  kind: z.literal('approval'),
  /** Of the approval; it stays the same over restarts. */
  id: z.string(),
  source: z.string(),
  /** The query as it was asked for. */
  sql: z.string(),
  /** What is too much, for the reader. */
  message: z.string(),
  over: BudgetExceededData,
})
export type ApprovalPause = z.infer<typeof ApprovalPause>

/** How the thread goes on. Who decided stands in the approval. */
export interface ApprovalDecision {
  readonly approved: boolean
  readonly by: string
  readonly comment: string | null
}

export const isApprovalPause = (value: unknown): value is ApprovalPause => ApprovalPause.safeParse(value).success
