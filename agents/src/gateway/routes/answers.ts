import { Answer, Feedback, Receipt, Vote } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { State } from '../../state/index.ts'
import { failures } from '../error-reply.ts'

const tags = ['answers']
const params = z.object({ id: z.string().min(1).max(100) })

export const answerRoutes: FastifyPluginAsyncZod<{ state: Pick<State, 'answers' | 'feedback'> }> = async (
  app,
  { state },
) => {
  app.get(
    '/answers/:id',
    {
      schema: {
        tags,
        summary: 'An answer again',
        params,
        response: { 200: Answer.extend({ vote: Vote.nullable() }), ...failures },
      },
    },
    ({ principal, params: { id } }) => state.answers.get(id, principal.id),
  )

  app.put(
    '/answers/:id/feedback',
    {
      schema: {
        tags,
        summary: 'Vote on an answer, or take the vote back',
        params,
        body: Feedback,
        response: { 204: z.null().describe('Noted'), ...failures },
      },
    },
    async ({ principal, params: { id }, body }, reply) => {
      await state.feedback.set(id, principal.id, body)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/receipts/:id',
    { schema: { tags, summary: 'A receipt by its id', params, response: { 200: Receipt, ...failures } } },
    ({ principal, params: { id } }) => state.answers.receipt(id, principal.id),
  )
}
