import { z } from 'zod'
import { Answer } from './answer.ts'

/** POST /api/answers/:id/share. `url` is a path of the page. */
export const ShareLink = z.object({ id: z.string(), url: z.string() })
export type ShareLink = z.infer<typeof ShareLink>

/** GET /api/shared/:id: the answer as computed for who opens it. */
export const SharedAnswer = z.object({
  answer: Answer,
  /** Name of the person who shared it. */
  sharedBy: z.string(),
  /** Its rows were read again under the rules of who opens it. */
  recomputed: z.boolean(),
})
export type SharedAnswer = z.infer<typeof SharedAnswer>
