import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { loadConfig } from '../../config.ts'
import { openState, type State } from '../../state/index.ts'
import { buildApp } from '../app.ts'
import type { GatewayParts } from '../gateway-parts.ts'
import { listen } from '../listen.ts'
import { LoginTokens } from '../login-tokens.ts'
import { ScriptedAssistant } from './scripted-assistant.ts'

export const API_TOKEN = 'api-token-of-the-test'

/** A logger that says nothing, of the type that Fastify wants. */
export const silent: FastifyBaseLogger = Fastify().log

export interface Gateway {
  readonly app: FastifyInstance
  readonly url: string
  readonly assistant: ScriptedAssistant
  readonly loginTokens: LoginTokens
  /** `fetch` with the API token, and JSON in and out. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into JSON of any shape and asserts what it finds
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any; headers: Headers }>
  close(): Promise<void>
}

/** A state in a folder of its own, with what removes it. */
export async function temporaryState(): Promise<{ state: State; dataDir: string; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-gateway-'))
  const state = await openState({ dataDir })
  const remove = async () => {
    await state.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { state, dataDir, remove }
}

/** The gateway on a real loopback port, over a state and a scripted assistant. */
export async function runGateway(state: State, options: Partial<GatewayParts> = {}): Promise<Gateway> {
  const assistant = new ScriptedAssistant(state)
  const loginTokens = new LoginTokens()
  const app = await buildApp({
    config: { ...loadConfig({}), host: '127.0.0.1', rateLimit: 0 },
    assistant,
    state,
    logger: silent,
    access: { apiToken: API_TOKEN, loginTokens },
    pageDir: '/nowhere',
    ...options,
  })
  const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 })
  return {
    app,
    url,
    assistant,
    loginTokens,
    async call(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${API_TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers }
    },
    close,
  }
}

/** Logs in with a fresh one-time token and gives the cookie as a browser would send it. */
export async function logIn({ url, loginTokens }: Gateway): Promise<string> {
  const response = await fetch(`${url}/?token=${loginTokens.issue()}`, { redirect: 'manual' })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (response.status !== 303 || !cookie) throw new Error(`no session: ${response.status}`)
  return cookie
}
