import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { type Gateway, runGateway, temporaryState } from '../src/gateway/testing/running-gateway.ts'
import { LOCAL_SETTINGS } from '../src/identity/settings.ts'
import { CLIENT, type LocalProvider, startProvider } from './oidc/local-provider.ts'

let provider: LocalProvider
let gateway: Gateway
let remove: () => Promise<void>
beforeAll(async () => {
  provider = await startProvider()
  provider.open('https://data.example')
  const temporary = await temporaryState()
  remove = temporary.remove
  const oidc = {
    ...CLIENT,
    issuer: provider.issuer,
    scopes: 'openid',
    groupsClaim: 'groups',
    attributeClaims: new Map(),
  }
  gateway = await runGateway(temporary.state, {
    config: { ...loadConfig({ PLUMBLINE_PUBLIC_URL: 'https://data.example' }), rateLimit: 0 },
    identity: { settings: { ...LOCAL_SETTINGS, oidc } },
  })
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
  await provider?.close()
})

it('a sign-in behind HTTPS is held by a cookie that no other host can set [identity.oidc] [identity.sessions]', async () => {
  const headers = { host: 'data.example' }
  const begun = await gateway.app.inject({ url: '/api/auth/login', headers })
  expect(begun.statusCode).toBe(303)
  const goingTo = new URL(String(begun.headers.location))
  expect(goingTo.searchParams.get('redirect_uri')).toBe('https://data.example/api/auth/callback')
  const cookie = String(begun.headers['set-cookie'])
  expect(cookie).toMatch(/^__Host-plumbline_login_[0-9a-f]{12}=[\w-]{43};/)
  for (const part of ['Path=/;', 'Secure', 'HttpOnly', 'SameSite=Lax', 'Max-Age=600']) expect(cookie).toContain(part)
  expect(cookie).not.toMatch(/domain=/i)

  const state = goingTo.searchParams.get('state')
  const back = await gateway.app.inject({
    url: `/api/auth/callback?state=${state}&code=none`,
    headers: { ...headers, cookie: cookie.split(';')[0] },
  })
  expect(back.statusCode).toBe(401)
  expect(String(back.headers['set-cookie'])).toMatch(/^__Host-plumbline_login_[0-9a-f]{12}=;.*Path=\/.*Secure/)
  expect(back.headers['cache-control']).toBe('no-store')
})

it('a sign-in that another site starts waits for a click [identity.oidc]', async () => {
  const from = (site: string) =>
    gateway.app.inject({
      url: `/api/auth/login?return=${encodeURIComponent('/threads/1?a="&b=<')}`,
      headers: { host: 'data.example', 'sec-fetch-site': site },
    })
  const asked = await from('cross-site')
  expect([asked.statusCode, asked.headers['set-cookie']]).toEqual([200, undefined])
  expect(asked.body).toContain('href="/api/auth/login?return=%2Fthreads%2F1%3Fa%3D%2522%26b%3D%253C"')
  for (const site of ['same-origin', 'none']) expect((await from(site)).statusCode).toBe(303)
})
