import { z } from 'zod'
import { Answer } from './answer.ts'

export const QUESTION_MAX_CHARS = 2000

/**
 * One turn. `choice` answers the clarification that the thread waits for (then `question` may be empty).
 * The length is checked by the assistant, so that an over-long question gets a clear answer and not a schema error.
 */
export const AskRequest = z.object({
  question: z.string().default(''),
  threadId: z.string().max(100).optional(),
  choice: z.string().max(200).optional(),
  source: z.string().max(100).optional(),
})
export type AskRequest = z.infer<typeof AskRequest>

/** What happens while a question is worked on, in order; `answer-end` is always the last. */
export const AskEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ask-start'), threadId: z.string(), answerId: z.string() }),
  z.object({ type: z.literal('step-start'), name: z.string(), title: z.string() }),
  z.object({
    type: z.literal('step-end'),
    name: z.string(),
    title: z.string(),
    ms: z.number(),
    outcome: z.enum(['done', 'failed', 'skipped']),
    detail: z.string().optional(),
  }),
  z.object({ type: z.literal('sql-proposed'), sql: z.string() }),
  z.object({ type: z.literal('text-delta'), delta: z.string() }),
  z.object({ type: z.literal('answer-end'), answer: Answer }),
])
export type AskEvent = z.infer<typeof AskEvent>

/** Page → gateway over the WebSocket. `id` is the page's own number of the request. */
export const SocketRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ask'), id: z.string().max(100), request: AskRequest }),
  z.object({ type: z.literal('stop'), id: z.string().max(100) }),
])
export type SocketRequest = z.infer<typeof SocketRequest>

/** Gateway → page. */
export const SocketReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), id: z.string(), event: AskEvent }),
  z.object({ type: z.literal('error'), id: z.string().nullable(), code: z.string(), message: z.string() }),
])
export type SocketReply = z.infer<typeof SocketReply>
