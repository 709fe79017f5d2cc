import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { STYLE_HASH } from '../html-page.ts'
import { isLoopbackName } from '../on-this-machine.ts'

export interface SecurityOptions {
  readonly host: string
  readonly allowedHosts: readonly string[]
  /** Origins of other pages whose scripts may call the API, with a token of their own and never with the cookie. */
  readonly corsOrigins: readonly string[]
  /** Browsers reach the server by HTTPS: they are told to never use anything else. */
  readonly https: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the request's `Origin` is this server itself; null when it names none. */
    sameOrigin(request: FastifyRequest): boolean | null
    /** What style elements of the page must bring that answers this request. */
    styleNonce(request: FastifyRequest): string
  }
}

/** The one style element that Swagger UI (/api/docs) makes; a test opens it in a browser. */
const DOCS_STYLE_HASH = 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='

const WILDCARDS = ['0.0.0.0', '::', '[::]']

/**
 * What any web page may do to a server on the reader's own machine, and how it is stopped:
 * - DNS rebinding (a foreign name that resolves to 127.0.0.1): only the names in `Host` that are ours are answered;
 * - foreign pages sending requests: `sameOrigin`, asked for by the auth plugin;
 * - injected markup: a strict content security policy;
 * - scripts of other pages: no CORS, but for the origins that are named.
 */
export default fp<SecurityOptions>(
  async (app, { host, allowedHosts, corsOrigins, https }) => {
    const names = new Set(['127.0.0.1', 'localhost', '[::1]', ...allowedHosts.map((name) => name.toLowerCase())])
    if (!WILDCARDS.includes(host)) names.add(host.includes(':') ? `[${host}]` : host.toLowerCase())

    const nonces = new WeakMap<IncomingMessage, string>()
    const nonceOf = (request: IncomingMessage) => {
      const nonce = nonces.get(request) ?? randomBytes(16).toString('base64url')
      nonces.set(request, nonce)
      return nonce
    }
    app.decorate('styleNonce', ({ raw }: FastifyRequest) => nonceOf(raw))

    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          // The charts and the editor write style elements, which need the nonce, and attributes, which can not have one.
          styleSrc: ["'self'"],
          styleSrcElem: [
            "'self'",
            `'${STYLE_HASH}'`,
            `'${DOCS_STYLE_HASH}'`,
            (request) => `'nonce-${nonceOf(request)}'`,
          ],
          styleSrcAttr: ["'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          formAction: ["'self'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      // Plain HTTP on loopback: a promise of HTTPS would lock the reader out of every local server.
      strictTransportSecurity: https && { maxAge: 31_536_000, includeSubDomains: false },
    })

    if (corsOrigins.length > 0) {
      await app.register(cors, {
        origin: [...corsOrigins],
        // The cookie is for our own page; another page brings a token.
        credentials: false,
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        allowedHeaders: ['authorization', 'content-type', 'accept', 'mcp-protocol-version', 'mcp-session-id'],
        exposedHeaders: ['retry-after', 'www-authenticate'],
        maxAge: 600,
      })
    }

    app.addHook('onRequest', async (request) => {
      const given = request.headers.host ?? ''
      if (names.has(nameOf(given)) || names.has(given.toLowerCase())) return
      throw new AppError(
        'FORBIDDEN',
        'This server does not answer under the name in the request. If the name is yours, add it to PLUMBLINE_ALLOWED_HOSTS.',
      )
    })

    app.decorate('sameOrigin', (request: FastifyRequest) => {
      const { origin, host: own } = request.headers
      if (origin === undefined) return null
      const { protocol, host: from } = URL.parse(origin) ?? { protocol: '', host: '' }
      if (from === '' || !(from === own || allowedHosts.includes(from))) return false
      // What comes by plain HTTP under the name of a page that is only served by HTTPS was put into the connection.
      return !https || protocol === 'https:' || isLoopbackName(from)
    })
    // MCP 2025-11-25, "Transports", security warning: an `Origin` that is not ours gets 403, whoever asks.
    app.addHook('onRequest', async (request) => {
      if (request.routeOptions.config?.resource !== 'mcp' || app.sameOrigin(request) !== false) return
      if (corsOrigins.includes(request.headers.origin ?? '')) return
      throw new AppError('FORBIDDEN', 'Pages of another origin may not call this server.')
    })
  },
  { name: 'security' },
)

/** `Host` without its port: `[::1]:3000` → `[::1]`. */
const nameOf = (host: string) => host.replace(/:\d+$/, '').toLowerCase()
