import { toAppError } from '@plumbline/tools/errors'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { CALLBACK_PATH, type OidcLogin, type RecordEvent, returnPath } from '../../identity/index.ts'
import { LOGIN_MINUTES } from '../../state/login-transactions.ts'
import { hashOf } from '../../state/secret.ts'
import { failures } from '../error-reply.ts'
import { htmlPage } from '../html-page.ts'
import { isLoopbackName } from '../on-this-machine.ts'

const tags = ['access']
const redirect = z.null().describe('Go on there')

export interface OidcOptions {
  readonly login: OidcLogin
  readonly baseUrl: () => string
  readonly record: RecordEvent
}

/** Each sign-in has a cookie of its own, so that two open tabs do not end each other's. */
const nameOf = (state: string) => `plumbline_login_${hashOf(state).slice(0, 12)}`

/** Sign-in at the identity provider. Only registered where one is configured. */
export const oidcRoutes: FastifyPluginAsyncZod<OidcOptions> = async (app, { login, baseUrl, record }) => {
  const secure = () => baseUrl().startsWith('https:')
  // Over HTTPS under a name that no other host and no plain connection can set; such a cookie has the path `/`.
  const cookieOf = (state: string) => (secure() ? `__Host-${nameOf(state)}` : nameOf(state))
  const cookiePath = () => (secure() ? '/' : CALLBACK_PATH)

  app.get(
    '/auth/login',
    {
      config: { open: true, rate: 'login' },
      schema: {
        tags,
        summary: 'Sign in at the identity provider',
        description: 'For browsers. `return` is the path of the page where one goes on.',
        security: [],
        querystring: z.object({ return: z.string().max(2000).optional() }),
        response: {
          200: z.string().describe('A page with a link, where another site sent the browser'),
          303: redirect,
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const returnTo = returnPath(request.query.return)
      // This machine has several names, and the cookie must be under the one where the answer arrives.
      const { host } = new URL(baseUrl())
      if (request.headers.host !== host && isLoopbackName(host) && isLoopbackName(request.headers.host)) {
        return reply.redirect(`${baseUrl()}/api/auth/login?return=${encodeURIComponent(returnTo)}`, 303)
      }
      // Where people are still signed in at the provider, a page elsewhere could sign them in here without their doing.
      if (request.headers['sec-fetch-site'] === 'cross-site') return askFirst(reply, returnTo)
      const { url, state, browser } = await login.begin(returnTo)
      reply.setCookie(cookieOf(state), browser, {
        httpOnly: true,
        secure: secure(),
        // The provider's redirect is a navigation from another site: `strict` would keep the cookie back.
        sameSite: 'lax',
        path: cookiePath(),
        maxAge: LOGIN_MINUTES * 60,
      })
      return reply.redirect(url, 303)
    },
  )

  app.get(
    '/auth/callback',
    {
      config: { open: true, rate: 'login' },
      schema: { tags, summary: 'Where the identity provider sends the browser back', security: [], hide: true },
    },
    async (request, reply) => {
      const query = request.query as Record<string, unknown>
      const state = typeof query.state === 'string' ? query.state.slice(0, 500) : ''
      const browser = request.cookies[cookieOf(state)] ?? ''
      reply.clearCookie(cookieOf(state), { path: cookiePath(), secure: secure(), httpOnly: true })
      try {
        const { user, idToken, returnTo } = await login.finish({ state, pathAndQuery: request.url }, browser)
        await app.signIn(user, idToken, request, reply)
        return reply.redirect(returnTo, 303)
      } catch (thrown) {
        const error = toAppError(thrown)
        request.log.warn({ err: thrown }, 'sign-in refused')
        await record({ type: 'sign-in-failed', userId: 'unknown', subject: error.code })
        return reply
          .code(error.info.http)
          .type('text/html; charset=utf-8')
          .send(
            htmlPage('You are not signed in', [error.message], '<p><a href="/api/auth/login">Sign in again</a></p>'),
          )
      }
    },
  )
}

function askFirst(reply: FastifyReply, returnTo: string): FastifyReply {
  const again = `/api/auth/login?return=${encodeURIComponent(returnTo)}`
  return reply
    .type('text/html; charset=utf-8')
    .send(htmlPage('Sign in', ['Another site sent you here.'], `<p><a href="${again}">Sign in to Plumbline</a></p>`))
}
