import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsync } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { sql } from 'kysely'
import { localPrincipal } from '../../assistant/local-principal.ts'
import { type AskOnce, askOnce } from '../ask-once.ts'
import type { GatewayParts } from '../gateway-parts.ts'
import { unauthenticated } from '../plugins/auth.ts'
import { noSuchAddress } from '../plugins/errors.ts'
import type { RunningAsks } from '../running-asks.ts'
import { answerRoutes } from './answers.ts'
import { askRoute } from './ask.ts'
import { catalogRoute } from './catalog.ts'
import { healthRoute } from './health.ts'
import { loginRoutes } from './login.ts'
import { mcpRoute } from './mcp.ts'
import { meRoute } from './me.ts'
import { openapiRoute } from './openapi.ts'
import { socketRoute } from './socket.ts'
import { threadRoutes } from './threads.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without knowing who asks. */
    open?: boolean
  }
}

export interface ApiOptions {
  readonly parts: GatewayParts
  readonly running: RunningAsks
}

/** A message of the socket, a body and a frame alike: 100 kB of question must still get the assistant's own answer. */
export const MAX_BODY = 1 << 20

/** Everything under `/api`, and `/mcp`: refused to strangers, counted, described. */
export const apiRoutes: FastifyPluginAsync<ApiOptions> = async (app, { parts, running }) => {
  const { assistant, state } = parts
  const ask: AskOnce = askOnce(assistant, running)

  // Compilers in this scope only. Replies come from our own code, typed: walking 10,000 rows again to check them costs more
  // than the query.
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('onRequest', async (request) => {
    await app.spend(request)
    if (!request.caller && !request.routeOptions.config.open) throw unauthenticated()
  })
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })

  await app.register(mcpRoute, { parts: { ask, assistant, answers: state.answers } })
  await app.register(
    async (api) => {
      api.setNotFoundHandler(async (request) => {
        throw noSuchAddress(request.method, request.url)
      })
      await api.register(swaggerUi, { routePrefix: '/docs' })
      await api.register(openapiRoute)
      await api.register(askRoute, { ask })
      await api.register(socketRoute, { ask })
      await api.register(threadRoutes, { threads: state.threads })
      await api.register(answerRoutes, { state })
      await api.register(catalogRoute, { assistant })
      await api.register(meRoute, { assistant })
      await api.register(loginRoutes, { loginTokens: parts.access.loginTokens })
      await api.register(healthRoute, {
        checks: new Map<string, () => Promise<unknown>>([
          ['state', () => sql`select 1`.execute(state.db)],
          ['sources', () => assistant.catalog(localPrincipal)],
          ...(parts.sources ?? []),
        ]),
      })
    },
    { prefix: '/api' },
  )
}
