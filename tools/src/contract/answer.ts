import { z } from 'zod'
import { ApprovalOffer } from './approval.ts'
import { ChartSpec } from './chart.ts'
import { Cell, Column } from './column.ts'
import { Receipt } from './receipt.ts'

/** A question back to the person, with choices; the answer is sent as `AskRequest.choice`. */
export const Clarification = z.object({
  prompt: z.string(),
  choices: z.array(z.object({ id: z.string(), label: z.string(), description: z.string().optional() })).min(2),
})
export type Clarification = z.infer<typeof Clarification>

/** `approval`: it would pass the budget and waits for somebody who may allow it, or for a narrower question. */
export const AnswerStatus = z.enum(['answered', 'clarify', 'approval', 'refused', 'failed'])
export type AnswerStatus = z.infer<typeof AnswerStatus>

export const AnswerError = z.object({
  code: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
})

/** The one answer object, the same on the page, in REST, MCP and on the command line. */
export const Answer = z.object({
  id: z.string(),
  threadId: z.string(),
  question: z.string(),
  status: AnswerStatus,
  /** The answer in words (CommonMark). */
  text: z.string(),
  sql: z.string().nullable(),
  columns: z.array(Column),
  rows: z.array(z.array(Cell)),
  chart: ChartSpec.nullable(),
  receipt: Receipt.nullable(),
  clarification: Clarification.nullable().default(null),
  approval: ApprovalOffer.nullable().default(null),
  /** Questions that could be asked next. */
  suggestions: z.array(z.string()).default([]),
  error: AnswerError.optional(),
  createdAt: z.string(),
})
export type Answer = z.infer<typeof Answer>
