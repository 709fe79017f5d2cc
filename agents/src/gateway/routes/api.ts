import swaggerUi from '@fastify/swagger-ui'
import type { FastifyPluginAsync } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { sql } from 'kysely'
import { localPrincipal } from '../../assistant/local-principal.ts'
import { currentPrincipal, type Identity } from '../../identity/index.ts'
import { ApprovedRuns } from '../approved-runs.ts'
import { type AskOnce, askOnce } from '../ask-once.ts'
import type { GatewayParts } from '../gateway-parts.ts'
import { noSuchAddress } from '../plugins/errors.ts'
import type { RunningAsks } from '../running-asks.ts'
import { answerRoutes } from './answers.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { approvalRoutes } from './approvals.ts'
import { askRoute } from './ask.ts'
import { auditRoutes } from './audit.ts'
import { catalogRoute } from './catalog.ts'
import { healthRoute } from './health.ts'
import { lineageRoutes } from './lineage.ts'
import { loginRoutes } from './login.ts'
import { mcpRoute } from './mcp.ts'
import { meRoute } from './me.ts'
import { oidcRoutes } from './oidc.ts'
import { openapiRoute } from './openapi.ts'
import { policyRoutes } from './policies.ts'
import { shareRoutes } from './shares.ts'
import { socketRoute } from './socket.ts'
import { threadRoutes } from './threads.ts'
import { tokenRoutes } from './tokens.ts'
import { usageRoutes } from './usage.ts'
import { userRoutes } from './users.ts'
import { wellKnownRoutes } from './well-known.ts'

export interface ApiOptions {
  readonly parts: GatewayParts
  readonly running: RunningAsks
  readonly identity: Identity
  readonly baseUrl: () => string
}

/** A message of the socket, a body and a frame alike: 100 kB of question must still get the assistant's own answer. */
export const MAX_BODY = 1 << 20

/** Everything under `/api`, and `/mcp`: refused to strangers, counted, described. */
export const apiRoutes: FastifyPluginAsync<ApiOptions> = async (app, { parts, running, identity, baseUrl }) => {
  const { assistant, state } = parts
  const ask: AskOnce = askOnce(assistant, running)
  const runs = new ApprovedRuns({
    assistant,
    approvals: state.approvals,
    running,
    current: (id) => currentPrincipal(identity, id),
    logger: parts.logger,
  })
  app.addHook('onReady', () => runs.recover())

  // Compilers in this scope only. Replies come from our own code, typed: walking 10,000 rows again to check them costs more
  // than the query.
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('onRequest', async (request, reply) => {
    await app.spend(request)
    app.authorise(request, reply)
  })
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })

  await app.register(wellKnownRoutes, { identity })
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
      await api.register(threadRoutes, { threads: state.threads, assistant })
      await api.register(answerRoutes, { state, assistant })
      await api.register(shareRoutes, { state, assistant })
      await api.register(catalogRoute, { assistant })
      await api.register(lineageRoutes, { state, assistant, identity })
      await api.register(meRoute, { assistant, identity })
      await api.register(loginRoutes, { loginTokens: parts.access.loginTokens, identity })
      if (identity.login) await api.register(oidcRoutes, { login: identity.login, baseUrl, record: identity.record })
      await api.register(apiKeyRoutes, { identity })
      await api.register(tokenRoutes, { identity })
      await api.register(userRoutes, { identity })
      await api.register(auditRoutes, { audit: state.audit })
      await api.register(approvalRoutes, { state, identity, runs })
      await api.register(usageRoutes, { state, assistant })
      await api.register(policyRoutes, { policies: state.policies, audit: state.audit, identity, assistant })
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
