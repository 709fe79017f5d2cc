import { z } from 'zod'

/** What every failed request answers. */
export const ErrorReply = z.object({
  error: z.object({
    code: z.string(),
    /** Speaks to the reader and says what to do. */
    message: z.string(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
})

/** Added to the `response` of every route. */
export const failures = { '4xx': ErrorReply, '5xx': ErrorReply }
