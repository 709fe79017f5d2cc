import { Me } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Assistant } from '../../assistant/assistant.ts'
import { failures } from '../error-reply.ts'
import { VERSION } from '../version.ts'

export const meRoute: FastifyPluginAsyncZod<{ assistant: Assistant }> = async (app, { assistant }) => {
  app.get(
    '/me',
    { schema: { tags: ['access'], summary: 'Who I am here', response: { 200: Me, ...failures } } },
    async ({ principal: { id, name, roles } }) => ({
      principal: { id, name, roles },
      model: assistant.model,
      version: VERSION,
    }),
  )
}
