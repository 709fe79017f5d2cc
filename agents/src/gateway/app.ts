import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance, LogController, type RouteOptions } from 'fastify'
import { createIdentity } from '../identity/index.ts'
import { answerNoRequest, answerUnreadable } from './answer-unreadable.ts'
import { auditIdentity } from './audit-identity.ts'
import { baseUrlOf } from './base-url.ts'
import type { GatewayParts } from './gateway-parts.ts'
import auth from './plugins/auth.ts'
import authorise from './plugins/authorise.ts'
import docs from './plugins/docs.ts'
import errors from './plugins/errors.ts'
import limits from './plugins/limits.ts'
import page from './plugins/page.ts'
import security from './plugins/security.ts'
import { apiRoutes, MAX_BODY } from './routes/api.ts'
import { RunningAsks } from './running-asks.ts'

/** How long running questions get to end by themselves when the server closes. */
const STOP_MS = 1000

/**
 * The gateway, built and not listening. `app.close()` stops the running questions first.
 * @param onRoute is told every route, so that one can check what is documented.
 */
export async function buildApp(
  parts: GatewayParts,
  onRoute: (route: RouteOptions) => void = () => {},
): Promise<FastifyInstance> {
  const { config, state, access, logger } = parts
  const running = new RunningAsks()
  const app = Fastify({
    loggerInstance: logger,
    // Access lines are of no use to one local reader; errors are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY,
    // Only what our own proxy says of the address is believed.
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    ...(parts.tls ? { https: parts.tls } : {}),
    // The id of a person is an issuer and a subject of up to 255 characters, percent-encoded.
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: answerUnreadable,
    clientErrorHandler: answerNoRequest,
  })
  app.addHook('onRoute', onRoute)
  app.addHook('preClose', () => running.stopAll(STOP_MS))
  // JSON is all that is read. A form of another page can send `text/plain`, and nothing but that and forms.
  app.removeContentTypeParser('text/plain')
  // Before every hook that may refuse: it ends the connection of a refused upgrade.
  await app.register(websocket, { options: { maxPayload: MAX_BODY } })
  await app.register(errors)
  await app.register(security, {
    host: config.host,
    allowedHosts: [...config.allowedHosts, ...(config.publicUrl === undefined ? [] : namesOf(config.publicUrl))],
    corsOrigins: config.corsOrigins,
    https: config.tlsCert !== undefined || config.publicUrl?.startsWith('https:') === true,
  })
  const baseUrl =
    config.publicUrl === undefined ? baseUrlOf(app.server, config.host) : constantly(withoutSlash(config.publicUrl))
  const identity = createIdentity(state, baseUrl, {
    record: auditIdentity(state, parts.identity?.rolesOf),
    ...parts.identity,
  })
  await app.register(auth, { access, identity, baseUrl })
  await app.register(authorise, { identity, baseUrl })
  await app.register(limits, {
    perMinute: config.rateLimit,
    asksPerMinute: config.askRateLimit,
    ...(parts.redis ? { redis: parts.redis } : {}),
  })
  await app.register(docs)
  await app.register(apiRoutes, { parts, running, identity, baseUrl })
  await app.register(page, {
    hasProvider: identity.login !== null,
    ...(parts.pageDir === undefined ? {} : { dir: parts.pageDir }),
  })
  return app
}

const constantly = (text: string) => () => text
const withoutSlash = (url: string) => url.replace(/\/+$/, '')

/** With and without the port: `Host` has it where it is not the usual one. */
function namesOf(url: string): string[] {
  const { host, hostname } = new URL(url)
  return [...new Set([host, hostname])]
}
