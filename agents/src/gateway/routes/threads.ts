import { Thread, ThreadDetail, ThreadPage, ThreadRename } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Assistant } from '../../assistant/assistant.ts'
import type { Threads } from '../../state/index.ts'
import { failures } from '../error-reply.ts'
import { surfaceOf } from '../surface-of.ts'

const tags = ['threads']
const params = z.object({ id: z.string().min(1).max(100) })

export interface ThreadOptions {
  readonly threads: Threads
  readonly assistant: Pick<Assistant, 'present'>
}

export const threadRoutes: FastifyPluginAsyncZod<ThreadOptions> = async (app, { threads, assistant }) => {
  app.get(
    '/threads',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List threads, newest first',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          before: z.string().max(300).optional(),
        }),
        response: { 200: ThreadPage, ...failures },
      },
    },
    ({ principal, query: { limit, before } }) => threads.list(principal.id, { limit, ...(before ? { before } : {}) }),
  )

  app.get(
    '/threads/:id',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'A thread with its answers', params, response: { 200: ThreadDetail, ...failures } },
    },
    async (request) => {
      const { principal, params } = request
      const { answers: kept, ...thread } = await threads.get(params.id, principal.id)
      const answers: ThreadDetail['answers'] = []
      // One after the other: after a change of the rules each may be a query.
      for (const one of kept) {
        answers.push((await assistant.present(one, { principal, surface: surfaceOf(request) })).answer)
      }
      return { ...thread, answers }
    },
  )

  app.patch(
    '/threads/:id',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'Rename a thread', params, body: ThreadRename, response: { 200: Thread, ...failures } },
    },
    ({ principal, params: { id }, body: { title } }) => threads.rename(id, principal.id, title),
  )

  app.delete(
    '/threads/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Delete a thread with its answers',
        params,
        response: { 204: z.null().describe('Deleted'), ...failures },
      },
    },
    async ({ principal, params: { id } }, reply) => {
      await threads.delete(id, principal.id)
      return reply.code(204).send(null)
    },
  )
}
