import { z } from 'zod'
import { Estimate } from './estimate.ts'

/** Figures of a budget that an estimate is held against before a query runs. */
export const ScanFigure = z.enum(['scanRows', 'scanBytes'])
export type ScanFigure = z.infer<typeof ScanFigure>

const Over = {
  figure: ScanFigure,
  /** What the query would take; null: the system could not say. */
  value: z.number().nonnegative().nullable(),
  limit: z.number().nonnegative(),
  /** Ids of the rules that the limit comes from. */
  rules: z.array(z.string()),
  estimate: Estimate,
}

/**
 * What an answer with the status `approval` offers: POST /api/approvals/:id/request asks for it, a narrower question makes it
 * needless. Once it is decided, the answer with the same id becomes the result, or says why not: GET /api/answers/:id.
 */
export const ApprovalOffer = z.object({
  id: z.string(),
  ...Over,
  /** The query that is over the budget, as it was asked. */
  sql: z.string(),
  /** How the query could be made narrower. */
  hint: z.string(),
  /** ISO 8601 in UTC; afterwards the question has to be asked again. */
  expiresAt: z.string(),
})
export type ApprovalOffer = z.infer<typeof ApprovalOffer>

/**
 * `offered`: nobody has asked for it yet; `requested`: waits for somebody who may approve; `approved`: it runs or will run;
 * `used`: it has run; `withdrawn`: who asked went on with another question.
 */
export const ApprovalState = z.enum(['offered', 'requested', 'approved', 'used', 'declined', 'withdrawn', 'expired'])
export type ApprovalState = z.infer<typeof ApprovalState>

/** A query over somebody's budget, and what became of it. Times are ISO 8601 in UTC. */
export const Approval = z.object({
  id: z.string(),
  state: ApprovalState,
  /** Whose question it is; the query runs as this person and with their access. */
  asker: z.object({ id: z.string(), name: z.string() }),
  source: z.string(),
  question: z.string(),
  sql: z.string(),
  ...Over,
  hint: z.string(),
  threadId: z.string(),
  /** The answer that waits and becomes the result. */
  answerId: z.string(),
  /** Why the asker wants it. */
  comment: z.string().nullable(),
  createdAt: z.string(),
  requestedAt: z.string().nullable(),
  expiresAt: z.string(),
  decision: z
    .object({ by: z.object({ id: z.string(), name: z.string() }), at: z.string(), comment: z.string().nullable() })
    .nullable(),
})
export type Approval = z.infer<typeof Approval>

/**
 * GET /api/approvals?state=requested: those of other people, newest first, for who may approve. GET /api/approvals/mine: one's
 * own. `next` goes into `?before=` for the following page; null on the last.
 */
export const ApprovalPage = z.object({ approvals: z.array(Approval), next: z.string().nullable() })
export type ApprovalPage = z.infer<typeof ApprovalPage>

const Comment = z.string().trim().max(1000)

/** POST /api/approvals/:id/request and /approve; both answer the Approval. */
export const ApprovalComment = z.object({ comment: Comment.optional() })
export type ApprovalComment = z.infer<typeof ApprovalComment>

/** POST /api/approvals/:id/decline: who asked is told why. */
export const ApprovalDecline = z.object({ comment: Comment.min(1, 'say why, the asker reads it') })
export type ApprovalDecline = z.infer<typeof ApprovalDecline>
