import { SharedAnswer, ShareLink } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Assistant } from '../../assistant/assistant.ts'
import type { State } from '../../state/index.ts'
import { askedBy } from '../asked-by.ts'
import { failures } from '../error-reply.ts'

const tags = ['sharing']
const params = z.object({ id: z.string().min(1).max(100) })

export interface ShareOptions {
  readonly state: Pick<State, 'shares' | 'audit'>
  readonly assistant: Pick<Assistant, 'present'>
}

/** A shared answer is computed for whoever opens it: the link carries the question and its SQL, not the rows of the sharer. */
export const shareRoutes: FastifyPluginAsyncZod<ShareOptions> = async (app, { state, assistant }) => {
  app.post(
    '/answers/:id/share',
    {
      config: { permission: 'share', scope: 'ask' },
      schema: { tags, summary: 'Share an answer of yours', params, response: { 201: ShareLink, ...failures } },
    },
    async (request, reply) => {
      const { principal, params } = request
      const { id } = await state.shares.create(params.id, principal)
      await state.audit.record({
        ...askedBy(request),
        action: 'share-created',
        outcome: 'ok',
        answerId: params.id,
      })
      return reply.code(201).send({ id, url: `/s/${id}` })
    },
  )

  app.get(
    '/shared/:id',
    {
      config: { permission: 'ask', scope: 'read' },
      schema: {
        tags,
        summary: 'A shared answer, as you may see it',
        params,
        response: { 200: SharedAnswer, ...failures },
      },
    },
    async (request) => {
      const { principal, params } = request
      const { kept, sharedBy } = await state.shares.open(params.id)
      const { answer, recomputed } = await assistant.present(kept, { principal, surface: 'share' })
      await state.audit.record({
        ...askedBy(request),
        surface: 'share',
        action: 'share-opened',
        outcome: 'ok',
        answerId: kept.id,
      })
      return { answer, sharedBy, recomputed }
    },
  )

  app.delete(
    '/shared/:id',
    {
      config: { permission: 'share', scope: 'ask' },
      schema: {
        tags,
        summary: 'Take a link back',
        params,
        response: { 204: z.null().describe('Nobody can open it any more'), ...failures },
      },
    },
    async (request, reply) => {
      const { principal, params } = request
      await state.shares.revoke(params.id, principal.id)
      await state.audit.record({
        ...askedBy(request),
        action: 'share-revoked',
        outcome: 'ok',
      })
      return reply.code(204).send(null)
    },
  )
}
