import type { Server } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Over HTTPS no other host, no sub-domain and no plain HTTP can set or read it (RFC 6265bis, section 4.1.3.2). */
const SECURE_NAME = '__Host-plumbline_session'

export interface SessionValue {
  readonly value: string
  readonly expiresAt: Date
  readonly signedInBy: 'link' | 'oidc'
}

/** The cookie that holds the session. */
export function sessionCookie(server: Server, baseUrl: () => string) {
  // Browsers keep cookies per host and not per port: without the port, two servers would log each other out.
  const plainName = () => {
    const address = server.address()
    return `plumbline_session_${address && typeof address === 'object' ? address.port : 0}`
  }
  const base = () => new URL(baseUrl())
  const isPublic = (request: FastifyRequest) => base().protocol === 'https:' && request.headers.host === base().host

  return {
    read(request: FastifyRequest): string | undefined {
      const secure = base().protocol === 'https:' ? request.cookies[SECURE_NAME] : undefined
      // Under the public name only the cookie counts that a neighbouring host can not have set.
      return secure ?? (isPublic(request) ? undefined : request.cookies[plainName()])
    },

    write(request: FastifyRequest, reply: FastifyReply, { value, expiresAt, signedInBy }: SessionValue): void {
      const secure = base().protocol === 'https:' && (signedInBy === 'oidc' || isPublic(request))
      reply.setCookie(secure ? SECURE_NAME : plainName(), value, {
        httpOnly: true,
        secure,
        // The identity provider sends the browser back: with `strict` the page it lands on would not see the session.
        sameSite: signedInBy === 'oidc' ? 'lax' : 'strict',
        path: '/',
        expires: expiresAt,
      })
    },

    clear(request: FastifyRequest, reply: FastifyReply): void {
      if (request.cookies[SECURE_NAME] !== undefined) {
        reply.clearCookie(SECURE_NAME, { path: '/', secure: true, httpOnly: true })
      }
      reply.clearCookie(plainName(), { path: '/' })
    },
  }
}
