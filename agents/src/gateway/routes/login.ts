import { AppError } from '@plumbline/tools/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failures } from '../error-reply.ts'
import type { LoginTokens } from '../login-tokens.ts'

const tags = ['access']
const done = z.null().describe('Done')

export const loginRoutes: FastifyPluginAsyncZod<{ loginTokens: LoginTokens }> = async (app, { loginTokens }) => {
  app.post(
    '/login',
    {
      config: { open: true },
      schema: {
        tags,
        summary: 'Exchange a login token for a session cookie',
        security: [],
        body: z.object({ token: z.string().min(1).max(500) }),
        response: { 204: done, ...failures },
      },
    },
    async (request, reply) => {
      if (app.sameOrigin(request) === false) throw new AppError('FORBIDDEN', 'Another page may not log in here.')
      if (await app.login(request.body.token, reply)) return reply.code(204).send(null)
      throw new AppError(
        'UNAUTHENTICATED',
        'This token has been used or is unknown: run `plumbline link` for a new one.',
      )
    },
  )

  app.post(
    '/logout',
    { schema: { tags, summary: 'End the session', response: { 204: done, ...failures } } },
    async (request, reply) => {
      await app.logout(request, reply)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/login-links',
    {
      schema: {
        tags,
        summary: 'Make a new one-time login token',
        description: 'The page opens at `/?token=<token>`.',
        response: { 201: z.object({ token: z.string() }), ...failures },
      },
    },
    async (_request, reply) => reply.code(201).send({ token: loginTokens.issue() }),
  )
}
