import { ApiScope, Permission } from '@plumbline/tools/contract'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { LOCAL_SETTINGS } from '../identity/settings.ts'
import type { State } from '../state/index.ts'
import { buildApp } from './app.ts'
import { LoginTokens } from './login-tokens.ts'
import { BY_GROUP, keyOf } from './testing/restricted-caller.ts'
import { silent, temporaryState } from './testing/running-gateway.ts'
import { ScriptedAssistant } from './testing/scripted-assistant.ts'

/** Whoever adds one here has thought about what a stranger can do with it. */
const OPEN = [
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-protected-resource',
  'GET /.well-known/oauth-protected-resource/mcp',
  'GET /api/auth/callback',
  'GET /api/auth/login',
  'GET /api/auth/methods',
  'GET /api/health',
  'POST /api/login',
  'POST /api/tokens/refresh',
  'POST /api/tokens/revoke',
]

interface Route {
  readonly name: string
  readonly method: string
  readonly url: string
  readonly config: NonNullable<RouteOptions['config']>
}

let app: FastifyInstance
let state: State
let remove: () => Promise<void>
const routes: Route[] = []

beforeAll(async () => {
  ;({ state, remove } = await temporaryState())
  const note = ({ method, url, config }: RouteOptions) => {
    for (const one of [method].flat()) {
      // HEAD comes with every GET, and OPTIONS with CORS: they answer what GET does, without a body.
      if (one === 'HEAD' || one === 'OPTIONS' || !/^\/(api|mcp|\.well-known)(\/|$)/.test(url)) continue
      const filled = url.replace(/:\w+/g, 'x').replace('*', 'x')
      routes.push({ name: `${one} ${url}`, method: one, url: filled, config: config ?? {} })
    }
  }
  const oidc = {
    issuer: 'http://127.0.0.1:9',
    clientId: 'x',
    scopes: 'openid',
    groupsClaim: 'groups',
    attributeClaims: new Map(),
  }
  app = await buildApp(
    {
      config: { ...loadConfig({}), rateLimit: 0 },
      assistant: new ScriptedAssistant(state),
      state,
      logger: silent,
      access: { apiToken: 'the api token', loginTokens: new LoginTokens() },
      identity: { settings: { ...LOCAL_SETTINGS, oidc }, ...BY_GROUP },
      pageDir: '/nowhere',
    },
    note,
  )
  await app.ready()
})
afterAll(async () => {
  await app?.close()
  await remove?.()
})

async function call({ method, url }: Route, bearer?: string) {
  const headers = { host: '127.0.0.1', ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) }
  const response = await app.inject({ method: method as 'GET', url, headers })
  const body = String(response.headers['content-type']).startsWith('application/json') ? response.json() : null
  return { status: response.statusCode, message: String(body?.error?.message ?? ''), headers: response.headers }
}

const guarded = () => routes.filter(({ config }) => !config.open)

describe('every route', () => {
  it('is closed to strangers, but for those that are open on purpose [identity.api-keys]', async () => {
    expect(
      routes
        .filter(({ config }) => config.open)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(OPEN)
    expect(guarded().length).toBeGreaterThan(20)
    for (const route of guarded()) {
      for (const bearer of [undefined, 'wrong', `pl_${'x'.repeat(43)}`]) {
        const { status, headers } = await call(route, bearer)
        expect([route.name, status]).toEqual([route.name, 401])
        expect(headers['www-authenticate']).toMatch(/^Bearer realm="plumbline"/)
      }
    }
  })

  it('takes a key only when it names a scope and the key has it [identity.api-keys]', async () => {
    const keys = new Map<ApiScope, string>()
    for (const scope of ApiScope.options) keys.set(scope, await keyOf(state, 'all', ['owner' as Permission], [scope]))
    const every = await keyOf(state, 'all', ['owner' as Permission], ApiScope.options)
    for (const route of guarded()) {
      const { scope } = route.config
      if (scope === undefined) {
        const { status, message } = await call(route, every)
        expect([route.name, status]).toEqual([route.name, 403])
        expect(message).toMatch(/API keys and tokens are not accepted here/)
        continue
      }
      for (const [own, key] of keys) {
        const { status, message, headers } = await call(route, key)
        const refused = status === 403 && /does not have the scope/.test(message)
        expect([route.name, own, refused]).toEqual([route.name, own, scope !== 'any' && scope !== own])
        if (refused) expect(headers['www-authenticate']).toMatch(/error="insufficient_scope", scope="/)
      }
    }
  })

  it('that changes who may do what is closed to keys, or wants the scope admin [identity.api-keys]', () => {
    const changing = guarded().filter(
      ({ method, name }) => method !== 'GET' && /^\w+ \/api\/(users|keys|policies|login-links|logout)/.test(name),
    )
    expect(changing.length).toBeGreaterThan(5)
    for (const { name, config } of changing)
      expect([name, [undefined, 'admin']]).toEqual([name, expect.arrayContaining([config.scope])])
  })

  it('that wants a permission is closed to roles without it [identity.roles]', async () => {
    let checked = 0
    for (const route of guarded()) {
      const { permission, scope } = route.config
      // What takes no key is walked with a session in the sign-in tests.
      if (permission === undefined || scope === undefined) continue
      checked++
      const others = Permission.options.filter((one) => one !== permission)
      const { status, message } = await call(route, await keyOf(state, `not ${permission}`, others, ApiScope.options))
      expect([route.name, status]).toEqual([route.name, 403])
      expect(message).toContain(`\`${permission}\``)
      const having = await call(route, await keyOf(state, `only ${permission}`, [permission], ApiScope.options))
      expect([route.name, /permission/.test(having.message)]).toEqual([route.name, false])
    }
    expect(checked).toBeGreaterThan(3)
  })

  it('is closed to people without a role, but for those that say who one is [identity.roles]', async () => {
    const key = await keyOf(state, 'roleless', [], ApiScope.options)
    for (const route of guarded()) {
      const { status, message } = await call(route, key)
      if (route.config.roleless) continue
      expect([route.name, status]).toEqual([route.name, 403])
      expect(message).toMatch(/has a role here|not accepted here/)
    }
    expect(
      guarded()
        .filter(({ config }) => config.roleless)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['GET /api/me', 'POST /api/logout', 'POST /api/logout/everywhere'])
  })
})
