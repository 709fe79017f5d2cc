import Fastify from 'fastify'
import { buildApp } from '../src/gateway/app.ts'
import { listen } from '../src/gateway/listen.ts'
import { LoginTokens } from '../src/gateway/login-tokens.ts'
import { followRules } from '../src/governance/follow-rules.ts'
import { type Assistant, createAssistant, loadConfig, openState, type State } from '../src/index.ts'

/** The whole server on the demo data, over the state of a folder. */
export interface BudgetServer {
  readonly state: State
  readonly assistant: Assistant
  /** `bearer` is an API key. */
  // biome-ignore lint/suspicious/noExplicitAny: replies are parsed where they are read
  call(bearer: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>
  stop(): Promise<void>
}

export async function startBudgetServer(dataDir: string): Promise<BudgetServer> {
  const env = { PLUMBLINE_MODEL: 'none', PLUMBLINE_LOG_LEVEL: 'silent', PLUMBLINE_DATA_DIR: dataDir }
  const config = { ...loadConfig(env), rateLimit: 0 }
  const state = await openState(config)
  const assistant = await createAssistant(config, state)
  const rules = await followRules(state)
  const app = await buildApp({
    config,
    assistant,
    state,
    logger: Fastify().log,
    access: { apiToken: 'the-owner', loginTokens: new LoginTokens() },
    identity: { rolesOf: rules.rolesOf, permissionsOf: rules.permissionsOf },
    pageDir: '/nowhere',
  })
  const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 })
  return {
    state,
    assistant,
    async call(bearer, method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: await response.json() }
    },
    async stop() {
      await close()
      rules.close()
      await assistant.close()
      await state.close()
    },
  }
}

/**
 * Run in a process of its own: `node budget-server.ts <data dir> <key of the asker> <query>`. Asks, asks for approval, prints the
 * answer as JSON once that is acknowledged, and waits to be killed.
 */
if (import.meta.filename === process.argv[1]) {
  const [dataDir = '', key = '', question = ''] = process.argv.slice(2)
  const server = await startBudgetServer(dataDir)
  const { body: answer } = await server.call(key, 'POST', '/api/ask', { question })
  const { status } = await server.call(key, 'POST', `/api/approvals/${answer.approval.id}/request`, {})
  process.stdout.write(`${JSON.stringify({ status, answer })}\n`)
}
