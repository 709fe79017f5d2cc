import { SignedOut, SignInMethods } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { localPrincipal } from '../../assistant/local-principal.ts'
import type { Identity } from '../../identity/index.ts'
import { failures } from '../error-reply.ts'
import type { LoginTokens } from '../login-tokens.ts'

const tags = ['access']
const done = z.null().describe('Done')

export interface LoginOptions {
  readonly loginTokens: LoginTokens
  readonly identity: Identity
}

export const loginRoutes: FastifyPluginAsyncZod<LoginOptions> = async (app, { loginTokens, identity }) => {
  const { oidc, localLogin } = identity.settings

  app.get(
    '/auth/methods',
    {
      config: { open: true },
      schema: { tags, summary: 'How one signs in here', security: [], response: { 200: SignInMethods, ...failures } },
    },
    async () => ({ oidc: oidc ? { url: '/api/auth/login', issuer: oidc.issuer } : null, link: localLogin }),
  )

  app.post(
    '/login',
    {
      config: { open: true, rate: 'login' },
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
      if (await app.login(request.body.token, request, reply)) return reply.code(204).send(null)
      throw new AppError(
        'UNAUTHENTICATED',
        'This token has been used or is unknown: run `plumbline link` for a new one.',
      )
    },
  )

  app.post(
    '/logout',
    {
      config: { roleless: true },
      schema: {
        tags,
        summary: 'End the session',
        description: 'Answers 200 with an address where the identity provider has a session that can be ended too.',
        response: { 200: SignedOut, 204: done, ...failures },
      },
    },
    async (request, reply) => {
      const endSessionUrl = await app.logout(request, reply)
      // Going back in the history must not show the page again as it was.
      reply.header('clear-site-data', '"cache"')
      return endSessionUrl === null ? reply.code(204).send(null) : reply.code(200).send({ endSessionUrl })
    },
  )

  app.post(
    '/logout/everywhere',
    {
      config: { roleless: true },
      schema: { tags, summary: 'End all my sessions and tokens', response: { 204: done, ...failures } },
    },
    async (request, reply) => {
      await identity.signOutEverywhere(request.principal.id, request.principal)
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
    async (request, reply) => {
      if (request.principal.id !== localPrincipal.id) {
        throw new AppError('FORBIDDEN', 'Only the owner of the installation can make a link.')
      }
      if (!localLogin)
        throw new AppError('FORBIDDEN', 'Links are off here (PLUMBLINE_LOCAL_LOGIN): sign in at the page.')
      return reply.code(201).send({ token: loginTokens.issue() })
    },
  )
}
