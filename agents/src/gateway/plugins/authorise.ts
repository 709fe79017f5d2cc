import type { ApiScope, Permission } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Identity, Resource } from '../../identity/index.ts'
import { type Challenge, challenge } from '../challenge.ts'
import { unauthenticated } from './auth.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without knowing who asks. */
    open?: boolean
    /** What an API key or token must be good for; `any`: whatever it is good for. Without one, keys and tokens are refused. */
    scope?: ApiScope | 'any'
    /** What the roles of who asks must allow. */
    permission?: Permission
    /** Answers people without a role too. */
    roleless?: boolean
    /** What tokens must be made for; `api` where nothing is said. */
    resource?: Resource
  }
  interface FastifyInstance {
    /** Refuses who may not use the route. @throws UNAUTHENTICATED or FORBIDDEN, with the challenge in the reply's header */
    authorise(request: FastifyRequest, reply: FastifyReply): void
    /** The same on a connection that stays open, with what is known of the caller now. @throws UNAUTHENTICATED or FORBIDDEN */
    authoriseAgain(request: FastifyRequest): Promise<void>
    /** `WWW-Authenticate` for a request that is refused. */
    challengeOf(request: FastifyRequest, error: Challenge['error']): string
  }
}

export interface AuthoriseOptions {
  readonly identity: Identity
  readonly baseUrl: () => string
}

/** Holds each request against what its route says in `config`. What a route does not say is refused. */
export default fp<AuthoriseOptions>(
  async (app, { identity, baseUrl }) => {
    const hasProvider = identity.login !== null

    const challengeOf = (request: FastifyRequest, error: Challenge['error']) => {
      const { scope, resource = 'api' } = request.routeOptions.config
      return challenge({ baseUrl: baseUrl(), resource, hasProvider, error, scope })
    }
    app.decorate('challengeOf', challengeOf)

    const check = (request: FastifyRequest, ask: (error: Challenge['error']) => void) => {
      const { open, scope, permission, roleless } = request.routeOptions.config
      if (open) return
      const { caller } = request
      if (!caller) {
        ask(request.headers.authorization === undefined ? null : 'invalid_token')
        throw hasProvider ? signInFirst() : unauthenticated()
      }
      if (caller.scopes !== null && scope !== 'any') {
        if (scope === undefined) {
          throw new AppError('FORBIDDEN', 'API keys and tokens are not accepted here: sign in at the page.')
        }
        if (!caller.scopes.has(scope)) {
          ask('insufficient_scope')
          throw new AppError('FORBIDDEN', `This key or token does not have the scope \`${scope}\`.`, {
            data: { scope },
          })
        }
      }
      if (roleless) return
      if (caller.principal.roles.length === 0) {
        throw new AppError(
          'FORBIDDEN',
          `You are signed in as ${caller.principal.name}, but none of your groups has a role here: ask whoever manages the policies of Plumbline for one.`,
        )
      }
      if (permission !== undefined && !identity.permissionsOf(caller.principal).has(permission)) {
        throw new AppError('FORBIDDEN', `None of your roles has the permission \`${permission}\`.`, {
          data: { permission },
        })
      }
    }

    app.decorate('authorise', (request: FastifyRequest, reply: FastifyReply) => {
      check(request, (error) => reply.header('www-authenticate', challengeOf(request, error)))
    })
    app.decorate('authoriseAgain', async (request: FastifyRequest) => {
      await app.renew(request)
      check(request, () => {})
    })
  },
  { name: 'authorise', dependencies: ['auth'] },
)

const signInFirst = () =>
  new AppError('UNAUTHENTICATED', 'Sign in first. Programs send an API key or a token as `Authorization: Bearer`.')
