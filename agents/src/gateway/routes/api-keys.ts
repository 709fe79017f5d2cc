import { type ApiKey, ApiKeyCreated, ApiKeyList, ApiKeyRequest } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { apiKeyOf, type Identity } from '../../identity/index.ts'
import { failures } from '../error-reply.ts'

const tags = ['access']

/** Keys are managed by people: none of these routes takes a key or a token, so that one can not make another. */
export const apiKeyRoutes: FastifyPluginAsyncZod<{ identity: Identity }> = async (app, { identity }) => {
  const { apiKeys } = identity.stores
  const everyone = (request: { principal: Parameters<Identity['permissionsOf']>[0] }) =>
    identity.permissionsOf(request.principal).has('users.manage')

  app.get(
    '/keys',
    {
      schema: {
        tags,
        summary: 'List API keys',
        description: 'One’s own; `everyone=true` lists all for who may manage users.',
        querystring: z.object({ everyone: z.enum(['true', 'false']).default('false') }),
        response: { 200: ApiKeyList, ...failures },
      },
    },
    async (request) => {
      const all = request.query.everyone === 'true'
      if (all && !everyone(request))
        throw new AppError('FORBIDDEN', 'None of your roles has the permission `users.manage`.')
      const keys = await apiKeys.list(all ? undefined : request.principal.id)
      return { keys: keys.map((key): ApiKey => apiKeyOf(key, new Date())) }
    },
  )

  app.post(
    '/keys',
    {
      config: { permission: 'keys.manage' },
      schema: {
        tags,
        summary: 'Make an API key',
        description: 'The secret is in this answer and can not be read again.',
        body: ApiKeyRequest,
        response: { 201: ApiKeyCreated, ...failures },
      },
    },
    async ({ principal, body: { name, scopes, expiresInDays } }, reply) => {
      const now = new Date()
      const expiresAt = new Date(now.getTime() + expiresInDays * 86_400_000)
      const { key, secret } = await apiKeys.create({ name, userId: principal.id, scopes, expiresAt })
      await identity.record({ type: 'key-created', userId: principal.id, subject: key.id })
      return reply.code(201).send({ key: apiKeyOf(key, now), secret })
    },
  )

  app.delete(
    '/keys/:id',
    {
      schema: {
        tags,
        summary: 'Revoke an API key',
        description: 'It ends at once, with the tokens that were exchanged for it.',
        params: z.object({ id: z.string().min(1).max(100) }),
        response: { 204: z.null().describe('Revoked'), ...failures },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await apiKeys.revoke(id, everyone(request) ? undefined : request.principal.id)
      await identity.record({ type: 'key-revoked', userId: request.principal.id, subject: id })
      return reply.code(204).send(null)
    },
  )
}
