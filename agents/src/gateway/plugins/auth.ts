import cookie from '@fastify/cookie'
import type { Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { localPrincipal } from '../../assistant/local-principal.ts'
import type { Caller, Identity } from '../../identity/index.ts'
import type { UserRecord } from '../../state/users.ts'
import type { GatewayParts } from '../gateway-parts.ts'
import { onThisMachine } from '../on-this-machine.ts'
import { secretEqual } from '../secret-equal.ts'
import { sessionCookie } from '../session-cookie.ts'

export interface AuthOptions {
  readonly access: GatewayParts['access']
  readonly identity: Identity
  readonly baseUrl: () => string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, or null. Routes that are not open can rely on `principal`. */
    caller: Caller | null
    readonly principal: Principal
  }
  interface FastifyInstance {
    /** Exchanges a login token for a session cookie. False: the token is not (any more) valid, or not from here. */
    login(token: string, request: FastifyRequest, reply: FastifyReply): Promise<boolean>
    /** Gives the browser of somebody who has signed in at the identity provider a new session. */
    signIn(user: UserRecord, idToken: string, request: FastifyRequest, reply: FastifyReply): Promise<void>
    /** Ends the session; the address where the identity provider ends its own, if it can. */
    logout(request: FastifyRequest, reply: FastifyReply): Promise<string | null>
    /** Finds out again who asks, on a connection that stays open. @throws UNAUTHENTICATED */
    renew(request: FastifyRequest): Promise<void>
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
/** A JWT with many groups fits; the header limit of Node is 16 kB for all headers together. */
const BEARER = /^Bearer (\S{1,8000})$/i

/**
 * Finds out who asks: by a session cookie (from a one-time token or the identity provider), by the installation's API token, an
 * API key or an access token as a bearer. `authorise` refuses.
 */
export default fp<AuthOptions>(
  async (app, { access, identity, baseUrl }) => {
    const { settings, sessions } = identity
    await app.register(cookie)
    app.decorateRequest('caller', null)
    app.decorateRequest('principal', {
      getter(this: FastifyRequest) {
        if (!this.caller) throw unauthenticated()
        return this.caller.principal
      },
    })
    const cookies = sessionCookie(app.server, baseUrl)

    const identify = async (request: FastifyRequest): Promise<Caller | null> => {
      const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1]
      // A wrong bearer is refused even with a good cookie: the caller means the bearer.
      if (bearer !== undefined) return byBearer(bearer, request)
      const value = cookies.read(request)
      if (value === undefined || !mayUseCookie(request)) return null
      return identity.bySession(value)
    }

    const byBearer = async (bearer: string, request: FastifyRequest): Promise<Caller | null> => {
      if (secretEqual(bearer, access.apiToken)) return LOCAL_CALLER
      if (settings.localLogin && access.loginTokens.isFixed(bearer)) return LOCAL_CALLER
      return identity.bearer(bearer, request.routeOptions.config.resource ?? 'api')
    }

    app.addHook('onRequest', async (request) => {
      request.caller = await identify(request)
    })

    app.decorate('renew', async (request: FastifyRequest) => {
      const before = request.caller?.principal.id
      request.caller = await identify(request)
      if (request.caller?.principal.id !== before) request.caller = null
      if (!request.caller) throw unauthenticated()
    })

    /** A page elsewhere can make the browser send our cookie; it can not fake `Origin`. Sockets are GET, but write. */
    function mayUseCookie(request: FastifyRequest): boolean {
      const own = app.sameOrigin(request)
      if (own === false) return false
      return own === true || (SAFE.has(request.method) && request.headers.upgrade === undefined)
    }

    /** A value that somebody may have put into this browser before must not become the session of whoever signs in now. */
    async function endBefore(request: FastifyRequest): Promise<void> {
      const before = cookies.read(request)
      if (before !== undefined) await sessions.delete(before)
    }

    app.decorate('login', async (token: string, request: FastifyRequest, reply: FastifyReply) => {
      const refuse = async (why: string) => {
        await identity.record({ type: 'sign-in-failed', userId: 'unknown', subject: why })
        return false
      }
      if (!settings.localLogin || (settings.oidc && !onThisMachine(request))) return refuse('a link, and links are off')
      if (!access.loginTokens.redeem(token)) return refuse('a link that is used or unknown')
      await endBefore(request)
      const { value, expiresAt } = await sessions.create(localPrincipal.id)
      await identity.record({ type: 'signed-in', userId: localPrincipal.id })
      cookies.write(request, reply, { value, expiresAt, signedInBy: 'link' })
      return true
    })

    app.decorate('signIn', async (user: UserRecord, idToken: string, request: FastifyRequest, reply: FastifyReply) => {
      await endBefore(request)
      const { value, expiresAt } = await identity.signIn(user, idToken)
      cookies.write(request, reply, { value, expiresAt, signedInBy: 'oidc' })
    })

    app.decorate('logout', async (request: FastifyRequest, reply: FastifyReply) => {
      const value = cookies.read(request)
      cookies.clear(request, reply)
      if (value === undefined) return null
      if (request.caller?.session) return identity.signOut(request.caller, value)
      await sessions.delete(value)
      return null
    })
  },
  { name: 'auth', dependencies: ['security'] },
)

/** The API token of the installation: who can read its file can start the program too. */
const LOCAL_CALLER: Caller = {
  principal: localPrincipal,
  by: 'bearer',
  means: 'api-token',
  key: 'api-token',
  scopes: null,
  email: null,
}

export const unauthenticated = () =>
  new AppError(
    'UNAUTHENTICATED',
    'Open the link that the start printed, or run `plumbline link` for a new one. Programs send the API token as `Authorization: Bearer`.',
  )
