import { z } from 'zod'
import { Answer } from './answer.ts'

export const Vote = z.enum(['up', 'down'])
export type Vote = z.infer<typeof Vote>

export const Thread = z.object({
  id: z.string(),
  title: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  answerCount: z.number().int(),
})
export type Thread = z.infer<typeof Thread>

/** GET /api/threads: newest first. `next` goes into `?before=` for the following page; null on the last. */
export const ThreadPage = z.object({ threads: z.array(Thread), next: z.string().nullable() })
export type ThreadPage = z.infer<typeof ThreadPage>

/** GET /api/threads/:id */
export const ThreadDetail = Thread.extend({
  answers: z.array(Answer.extend({ vote: Vote.nullable() })),
})
export type ThreadDetail = z.infer<typeof ThreadDetail>

/** PATCH /api/threads/:id */
export const ThreadRename = z.object({ title: z.string().trim().min(1).max(120) })
export type ThreadRename = z.infer<typeof ThreadRename>

/** PUT /api/answers/:id/feedback; `vote: null` takes it back. */
export const Feedback = z.object({ vote: Vote.nullable(), comment: z.string().max(2000).optional() })
export type Feedback = z.infer<typeof Feedback>
