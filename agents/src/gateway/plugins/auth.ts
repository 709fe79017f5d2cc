import cookie from '@fastify/cookie'
import type { Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { localPrincipal } from '../../assistant/local-principal.ts'
import type { Sessions } from '../../state/index.ts'
import type { GatewayParts } from '../gateway-parts.ts'
import { secretEqual } from '../secret-equal.ts'

export interface AuthOptions {
  readonly access: GatewayParts['access']
  readonly sessions: Sessions
}

export interface Caller {
  readonly principal: Principal
  readonly by: 'session' | 'bearer'
  /** What the rate limit counts: one session, or the API token. */
  readonly key: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, or null. Routes that are not open can rely on `principal`. */
    caller: Caller | null
    readonly principal: Principal
  }
  interface FastifyInstance {
    /** Exchanges a login token for a session cookie. False: the token is not (any more) valid. */
    login(token: string, reply: FastifyReply): Promise<boolean>
    logout(request: FastifyRequest, reply: FastifyReply): Promise<void>
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * The local one-user mode: a session cookie from a one-time token, or the installation's API token as a bearer. Only finds out
 * who asks; `requireCaller` refuses.
 */
export default fp<AuthOptions>(
  async (app, { access, sessions }) => {
    await app.register(cookie)
    app.decorateRequest('caller', null)
    app.decorateRequest('principal', {
      getter(this: FastifyRequest) {
        if (!this.caller) throw unauthenticated()
        return this.caller.principal
      },
    })

    // Browsers keep cookies per host and not per port: without the port, two servers would log each other out.
    const cookieName = () => {
      const address = app.server.address()
      return `plumbline_session_${address && typeof address === 'object' ? address.port : 0}`
    }

    app.addHook('onRequest', async (request) => {
      const bearer = /^Bearer (\S{1,500})$/i.exec(request.headers.authorization ?? '')?.[1]
      if (bearer !== undefined) {
        // A wrong bearer is refused even with a good cookie: the caller means the bearer.
        const known = secretEqual(bearer, access.apiToken) || access.loginTokens.isFixed(bearer)
        request.caller = known ? { principal: localPrincipal, by: 'bearer', key: 'api-token' } : null
        return
      }
      const value = request.cookies[cookieName()]
      if (value === undefined || !mayUseCookie(request)) return
      const principalId = await sessions.principalOf(value)
      if (principalId !== localPrincipal.id) return
      request.caller = { principal: localPrincipal, by: 'session', key: `session-${value.slice(0, 12)}` }
    })

    /** A page elsewhere can make the browser send our cookie; it can not fake `Origin`. Sockets are GET, but write. */
    function mayUseCookie(request: FastifyRequest): boolean {
      const own = app.sameOrigin(request)
      if (own === false) return false
      return own === true || (SAFE.has(request.method) && request.headers.upgrade === undefined)
    }

    app.decorate('login', async (token: string, reply: FastifyReply) => {
      if (!access.loginTokens.redeem(token)) return false
      const { value, expiresAt } = await sessions.create(localPrincipal.id)
      reply.setCookie(cookieName(), value, { httpOnly: true, sameSite: 'strict', path: '/', expires: expiresAt })
      return true
    })

    app.decorate('logout', async (request: FastifyRequest, reply: FastifyReply) => {
      const value = request.cookies[cookieName()]
      if (value !== undefined) await sessions.delete(value)
      reply.clearCookie(cookieName(), { path: '/' })
    })
  },
  { name: 'auth', dependencies: ['security'] },
)

export const unauthenticated = () =>
  new AppError(
    'UNAUTHENTICATED',
    'Open the link that the start printed, or run `plumbline link` for a new one. Programs send the API token as `Authorization: Bearer`.',
  )
