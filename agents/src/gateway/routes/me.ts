import { Me } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Assistant } from '../../assistant/assistant.ts'
import type { Identity } from '../../identity/index.ts'
import { failures } from '../error-reply.ts'
import { VERSION } from '../version.ts'

export const meRoute: FastifyPluginAsyncZod<{ assistant: Assistant; identity: Identity }> = async (
  app,
  { assistant, identity },
) => {
  app.get(
    '/me',
    {
      config: { scope: 'any', roleless: true },
      schema: { tags: ['access'], summary: 'Who I am here', response: { 200: Me, ...failures } },
    },
    async ({ principal, caller }) => ({
      principal: { id: principal.id, name: principal.name, roles: principal.roles },
      email: caller?.email ?? null,
      permissions: [...identity.permissionsOf(principal)],
      signedInBy: caller?.means ?? 'link',
      scopes: caller?.scopes ? [...caller.scopes] : null,
      sessionExpiresAt: caller?.session?.expiresAt.toISOString() ?? null,
      model: assistant.model,
      version: VERSION,
    }),
  )
}
