import { Answer, Feedback, Receipt, Vote } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Assistant } from '../../assistant/assistant.ts'
import type { State } from '../../state/index.ts'
import { failures } from '../error-reply.ts'
import { surfaceOf } from '../surface-of.ts'

const tags = ['answers']
const params = z.object({ id: z.string().min(1).max(100) })

export interface AnswerOptions {
  readonly state: Pick<State, 'answers' | 'feedback'>
  readonly assistant: Pick<Assistant, 'present'>
}

export const answerRoutes: FastifyPluginAsyncZod<AnswerOptions> = async (app, { state, assistant }) => {
  app.get(
    '/answers/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'An answer again',
        params,
        response: { 200: Answer.extend({ vote: Vote.nullable() }), ...failures },
      },
    },
    async (request) => {
      const { principal, params } = request
      const kept = await state.answers.get(params.id, principal.id)
      return (await assistant.present(kept, { principal, surface: surfaceOf(request) })).answer
    },
  )

  app.put(
    '/answers/:id/feedback',
    {
      config: { scope: 'read' },
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
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'A receipt by its id', params, response: { 200: Receipt, ...failures } },
    },
    async (request) => {
      const { principal, params } = request
      const kept = await state.answers.ofReceipt(params.id, principal.id)
      const { answer } = await assistant.present(kept, { principal, surface: surfaceOf(request) })
      if (!answer.receipt) throw new AppError('NOT_FOUND', 'There is no receipt with this id.')
      return answer.receipt
    },
  )
}
