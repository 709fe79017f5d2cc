import { Catalog } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Assistant } from '../../assistant/assistant.ts'
import { failures } from '../error-reply.ts'

export const catalogRoute: FastifyPluginAsyncZod<{ assistant: Assistant }> = async (app, { assistant }) => {
  app.get(
    '/catalog',
    {
      config: { scope: 'read' },
      schema: { tags: ['catalog'], summary: 'What can be asked about', response: { 200: Catalog, ...failures } },
    },
    ({ principal }) => assistant.catalog(principal),
  )
}
