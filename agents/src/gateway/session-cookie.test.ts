import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { State } from '../state/index.ts'
import { type Gateway, runGateway, temporaryState } from './testing/running-gateway.ts'

let state: State
let gateway: Gateway
let remove: () => Promise<void>

beforeAll(async () => {
  ;({ state, remove } = await temporaryState())
  const config = { ...loadConfig({ PLUMBLINE_PUBLIC_URL: 'https://data.example/' }), rateLimit: 0 }
  gateway = await runGateway(state, { config })
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

const open = async (host: string) => {
  const url = `/?token=${gateway.loginTokens.issue()}`
  const response = await gateway.app.inject({ method: 'GET', url, headers: { host } })
  return String(response.headers['set-cookie'])
}
const me = (host: string, cookie: string, origin?: string) =>
  gateway.app.inject({ url: '/api/me', headers: { host, cookie, ...(origin ? { origin } : {}) } })

describe('the cookie of a session behind HTTPS', () => {
  it('is one that no other host and no plain connection can set or read [identity.sessions]', async () => {
    const cookie = await open('data.example')
    expect(cookie).toMatch(/^__Host-plumbline_session=[\w-]{43};/)
    for (const part of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part)
    expect(cookie).not.toMatch(/domain=/i)
    const pair = cookie.split(';')[0] ?? ''
    expect((await me('data.example', pair, 'https://data.example')).statusCode).toBe(200)
    expect((await me('data.example', pair, 'https://evil.example')).statusCode).toBe(401)

    // A neighbour (other.data.example) can set a plain cookie for us: it counts for nothing under the public name.
    const port = new URL(gateway.url).port
    const planted = `plumbline_session_${port}=${pair.split('=')[1]}`
    expect((await me('data.example', planted)).statusCode).toBe(401)
  })

  it('is a plain one on the machine itself, where there is no HTTPS', async () => {
    const { host, port } = new URL(gateway.url)
    const cookie = await open(host)
    expect(cookie).toMatch(new RegExp(`^plumbline_session_${port}=`))
    expect(cookie).not.toContain('Secure')
    expect((await me(host, cookie.split(';')[0] ?? '')).statusCode).toBe(200)
  })

  it('goes with the sign-out, under both names', async () => {
    const pair = (await open('data.example')).split(';')[0] ?? ''
    const headers = { host: 'data.example', cookie: pair, origin: 'https://data.example' }
    const out = await gateway.app.inject({ method: 'POST', url: '/api/logout', headers })
    expect(out.statusCode).toBe(204)
    expect(out.headers['clear-site-data']).toBe('"cache"')
    expect([out.headers['set-cookie']].flat().join()).toMatch(/__Host-plumbline_session=;.*Secure/)
    expect((await me('data.example', pair)).statusCode).toBe(401)
  })
})
