import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { htmlPage } from '../html-page.ts'
import { noSuchAddress } from './errors.ts'

const BUILT_PAGE = join(import.meta.dirname, '../../../../chat-ui/dist')

export interface PageOptions {
  readonly dir?: string
  /** Whether one signs in at an identity provider: the page itself then offers it. */
  readonly hasProvider: boolean
}

/**
 * The page. Its files are public, because they hold nothing; what opens the page is a session, which `/?token=…` gives once.
 * Every address that no file and no route has is the page too: it has its own router.
 */
export default fp<PageOptions>(
  async (app, { dir = BUILT_PAGE, hasProvider }) => {
    const built = existsSync(join(dir, 'index.html'))
    if (built) {
      await app.register(fastifyStatic, {
        root: dir,
        index: false,
        preCompressed: true,
        // `index.html` goes through `open`.
        allowedPath: (path) => path !== '/index.html' && path !== '/',
        cacheControl: false,
        setHeaders: (response, path) => {
          // Vite puts a hash of the content into the names under `assets/`.
          const hashed = path.startsWith(join(dir, 'assets'))
          response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        },
      })
    }
    const open = async (request: FastifyRequest, reply: FastifyReply) => {
      if (!request.caller && !hasProvider) return refusePage(reply, 'This is a private Plumbline.')
      if (!request.caller && !built) return signInPage(reply)
      if (!built) return notBuiltPage(reply)
      // The styles that scripts of the page make bring the nonce of this answer, so it is never one that was kept.
      const nonce = `<meta property="csp-nonce" nonce="${app.styleNonce(request)}">`
      const html = (await readFile(join(dir, 'index.html'), 'utf8')).replace(/(?=<\/head>|$)/, nonce)
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
    }
    app.get('/', { schema: { hide: true } }, async (request, reply) => {
      const { token } = request.query as { token?: unknown }
      if (typeof token !== 'string' || isPeek(request)) return open(request, reply)
      // Somebody who is in already may use the printed link again: it still leads to the page.
      if (request.caller || (await app.login(token.slice(0, 500), request, reply))) return reply.redirect('/', 303)
      return refusePage(reply, 'This link has been used, or belongs to an earlier start.')
    })
    app.setNotFoundHandler(async (request, reply) => {
      if (!isNavigation(request)) throw noSuchAddress(request.method, request.url)
      return open(request, reply)
    })
  },
  { name: 'page', dependencies: ['auth', 'errors', 'security'] },
)

/** Mail scanners and browsers that look ahead must not use up the link. */
const isPeek = (request: FastifyRequest) =>
  request.method === 'HEAD' || /prefetch|prerender/.test(String(request.headers['sec-purpose'] ?? ''))

function isNavigation(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? ''
  if (request.method !== 'GET' || /^\/(api|mcp|assets)(\/|$)/.test(path)) return false
  return request.headers.accept?.includes('text/html') ?? false
}

function notBuiltPage(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      htmlPage('The page is not built yet', [
        'The API works, but the page has not been built: stop this process and run `npm start`, which builds it.',
        'The API is described at `/api/docs`.',
      ]),
    )
}

function signInPage(reply: FastifyReply): FastifyReply {
  return reply
    .code(401)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(htmlPage('Sign in', ['This is a private Plumbline.'], '<p><a href="/api/auth/login">Sign in</a></p>'))
}

function refusePage(reply: FastifyReply, reason: string): FastifyReply {
  return reply
    .code(401)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(
      htmlPage(
        'A link is needed',
        [
          `${reason} Open the link that the start printed in the terminal.`,
          'Each link works once. For a new one, run `plumbline link` in a terminal, or start Plumbline again.',
        ],
        '<form method="get" action="/"><input name="token" aria-label="Token of the link" placeholder="or paste the token here" autocomplete="off" required><button>Open</button></form>',
      ),
    )
}
