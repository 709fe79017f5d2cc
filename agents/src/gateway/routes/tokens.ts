import { TokenRefresh, TokenReply, TokenRequest, TokenRevoke } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Identity } from '../../identity/index.ts'
import { failures } from '../error-reply.ts'
import { unauthenticated } from '../plugins/auth.ts'

const tags = ['access']
const done = z.null().describe('Done')

export const tokenRoutes: FastifyPluginAsyncZod<{ identity: Identity }> = async (app, { identity }) => {
  const { tokens } = identity

  app.post(
    '/tokens',
    {
      config: { scope: 'any' },
      schema: {
        tags,
        summary: 'Exchange a session or an API key for an access token',
        body: TokenRequest,
        response: { 200: TokenReply, ...failures },
      },
    },
    async (request) => {
      if (!request.caller) throw unauthenticated()
      return tokens.exchange(request.caller, request.body)
    },
  )

  app.post(
    '/tokens/refresh',
    {
      // The refresh token itself says who asks.
      config: { open: true, rate: 'login' },
      schema: {
        tags,
        summary: 'Exchange a refresh token for the next access token',
        description: 'A refresh token is good once. One that comes twice ends everything that came from its grant.',
        security: [],
        body: TokenRefresh,
        response: { 200: TokenReply, ...failures },
      },
    },
    ({ body: { refresh_token, scopes } }) => tokens.refresh(refresh_token, scopes),
  )

  app.post(
    '/tokens/revoke',
    {
      config: { open: true },
      schema: {
        tags,
        summary: 'End an access or refresh token, with what came from its grant',
        security: [],
        body: TokenRevoke,
        response: { 204: done, ...failures },
      },
    },
    async ({ body: { token } }, reply) => {
      await tokens.revoke(token)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/tokens/rotate-signing-key',
    {
      config: { permission: 'users.manage' },
      schema: {
        tags,
        summary: 'Sign with a new key from now on',
        description: 'Tokens signed with the old one stay good until they end, for ten minutes at most.',
        response: { 204: done, ...failures },
      },
    },
    async ({ principal }, reply) => {
      await identity.rotateSigningKey(principal)
      return reply.code(204).send(null)
    },
  )
}
