import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { State } from '../state/index.ts'
import { LoginTokens } from './login-tokens.ts'
import { API_TOKEN, type Gateway, logIn, runGateway, temporaryState } from './testing/running-gateway.ts'

let gateway: Gateway
let state: State
let remove: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryState()
  ;({ state, remove } = temporary)
  gateway = await runGateway(state)
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

/** With headers that `fetch` would not let us set. */
function raw(path: string, headers: Record<string, string>, method = 'GET', body?: string) {
  return new Promise<{ status: number; text: string; cookie: string | undefined }>((resolve, reject) => {
    const request = httpRequest(`${gateway.url}${path}`, { method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, cookie: response.headers['set-cookie']?.[0] }),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

const linkBody = () => JSON.stringify({ token: gateway.loginTokens.issue() })

describe('the one-time link', () => {
  it('opens the page once, and says what to do the second time [safety.token]', async () => {
    const token = gateway.loginTokens.issue()
    // Looking ahead does not use it up.
    const peek = `${gateway.url}/?token=${token}`
    expect((await fetch(peek, { method: 'HEAD', redirect: 'manual' })).headers.get('set-cookie')).toBeNull()
    expect((await fetch(peek, { headers: { 'sec-purpose': 'prefetch' } })).headers.get('set-cookie')).toBeNull()
    const first = await fetch(`${gateway.url}/?token=${token}`, { redirect: 'manual' })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    const cookie = first.headers.get('set-cookie') ?? ''
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part)

    const second = await fetch(`${gateway.url}/?token=${token}`, { redirect: 'manual' })
    expect([second.status, second.headers.get('set-cookie')]).toEqual([401, null])
    const page = await second.text()
    expect(page).toContain('This link has been used')
    expect(page).toContain('<code>plumbline link</code>')
    // Whoever is in already is led on.
    const again = await fetch(`${gateway.url}/?token=${token}`, {
      redirect: 'manual',
      headers: { cookie: cookie.split(';')[0] ?? '' },
    })
    expect(again.status).toBe(303)
  })

  it('is the only way to the page: without a session there is no page [safety.token]', async () => {
    for (const path of ['/', '/threads/1', '/index.html', '/?token=', '/?token=guess', '/?token=a&token=b']) {
      const response = await fetch(`${gateway.url}${path}`, { headers: { accept: 'text/html' } })
      expect([path, response.status]).toEqual([path, 401])
      expect(response.headers.get('set-cookie')).toBeNull()
    }
  })

  it('is exchanged by programs over POST /api/login, once', async () => {
    const token = gateway.loginTokens.issue()
    const send = () =>
      fetch(`${gateway.url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
    const [first, second] = [await send(), await send()]
    expect([first.status, second.status]).toEqual([204, 401])
    expect(first.headers.get('set-cookie')).toContain('HttpOnly')
  })

  it('can be made anew by who holds the API token', async () => {
    const { status, body } = await gateway.call('POST', '/api/login-links')
    expect(status).toBe(201)
    expect((await fetch(`${gateway.url}/?token=${body.token}`, { redirect: 'manual' })).status).toBe(303)
  })
})

describe('a session', () => {
  it('survives a restart of the server and ends with the logout', async () => {
    const cookie = await logIn(gateway)
    // The cookie's name holds the port, so the new server is asked under the name of its own.
    const value = cookie.split('=')[1]
    const restarted = await runGateway(state)
    const ownCookie = `plumbline_session_${new URL(restarted.url).port}=${value}`
    const me = () => fetch(`${restarted.url}/api/me`, { headers: { cookie: ownCookie } })
    expect((await me()).status).toBe(200)
    const out = await fetch(`${restarted.url}/api/logout`, {
      method: 'POST',
      headers: { cookie: ownCookie, origin: restarted.url },
    })
    expect(out.status).toBe(204)
    expect((await me()).status).toBe(401)
    await restarted.close()
  })

  it('that was in the browser before ends when a link is used [identity.sessions]', async () => {
    const cookie = await logIn(gateway)
    const again = await raw('/api/login', { cookie, 'content-type': 'application/json' }, 'POST', linkBody())
    expect(again.status).toBe(204)
    const fresh = again.cookie?.split(';')[0] ?? ''
    expect(fresh).not.toBe(cookie)
    expect([(await raw('/api/me', { cookie })).status, (await raw('/api/me', { cookie: fresh })).status]).toEqual([
      401, 200,
    ])
  })
})

describe('who may do what', () => {
  const PATHS = [
    '/api/me',
    '/api/catalog',
    '/api/threads',
    '/api/openapi.json',
    '/api/docs/',
    '/api/answers/1',
    '/api/nothing',
  ]

  it('refuses strangers everything under /api but health and login [safety.token]', async () => {
    for (const path of PATHS) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: 'plumbline_session_0=x' }]) {
        expect([path, (await raw(path, headers as Record<string, string>)).status]).toEqual([path, 401])
      }
    }
    expect((await raw('/api/health', {})).status).toBe(200)
    expect((await raw('/api/me', { authorization: `Bearer ${API_TOKEN}` })).status).toBe(200)
    expect((await raw('/api/nothing', { authorization: `Bearer ${API_TOKEN}` })).status).toBe(404)
  })

  it('lets a session write only from its own page, whatever the method [safety.token]', async () => {
    const cookie = await logIn(gateway)
    const write = (headers: Record<string, string>, method = 'POST', path = '/api/ask') =>
      raw(
        path,
        { cookie, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}), ...headers },
        method,
        method === 'POST' ? '{"question":"How many?"}' : undefined,
      )
    expect((await write({ origin: gateway.url })).status).toBe(200)
    for (const headers of [
      {},
      { origin: 'null' },
      { origin: 'http://evil.example' },
      { origin: 'http://127.0.0.1:1' },
    ]) {
      expect((await write(headers as Record<string, string>)).status).toBe(401)
      expect((await write(headers as Record<string, string>, 'DELETE', '/api/threads/1')).status).toBe(401)
    }
    expect((await raw('/api/me', { cookie })).status).toBe(200)
    expect((await raw('/api/me', { cookie, origin: 'http://evil.example' })).status).toBe(401)
  })

  it('does not fall back to a good cookie when the bearer is wrong', async () => {
    const cookie = await logIn(gateway)
    expect((await raw('/api/me', { cookie, authorization: 'Bearer wrong' })).status).toBe(401)
  })

  it('answers only under its own names, so that a rebound DNS name gets nothing', async () => {
    const authorization = `Bearer ${API_TOKEN}`
    const { port } = new URL(gateway.url)
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      expect([host, (await raw('/api/me', { host, authorization })).status]).toEqual([host, 200])
    }
    for (const host of [`evil.example:${port}`, 'evil.example', `127.0.0.1.evil.example:${port}`, 'localhost.']) {
      const { status, text } = await raw('/api/me', { host, authorization })
      expect([host, status]).toEqual([host, 403])
      expect(text).toContain('PLUMBLINE_ALLOWED_HOSTS')
      expect((await raw('/api/health', { host })).status).toBe(403)
      expect((await raw('/', { host })).status).toBe(403)
    }
  })

  it('answers under further names when they are configured', async () => {
    const config = { ...loadConfig({}), host: '0.0.0.0', allowedHosts: ['data.example'], rateLimit: 0 }
    const other = await runGateway(state, { config })
    const response = await other.app.inject({
      url: '/api/me',
      headers: { host: 'data.example', authorization: `Bearer ${API_TOKEN}` },
    })
    expect(response.statusCode).toBe(200)
    await other.close()
  })

  it('counts what one caller asks, and says when to come back', async () => {
    const limited = await runGateway(state, { config: { ...loadConfig({}), rateLimit: 3 } })
    const statuses: number[] = []
    for (let n = 0; n < 4; n++) statuses.push((await limited.call('GET', '/api/me')).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const { body } = await limited.call('GET', '/api/me')
    expect(body.error).toMatchObject({ code: 'RATE_LIMITED', data: { retryAfterSeconds: expect.any(Number) } })
    await limited.close()
  })

  it('sends a strict content security policy', async () => {
    const response = await fetch(`${gateway.url}/`)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-eval')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('LoginTokens', () => {
  it('forgets the oldest of too many links', () => {
    const tokens = new LoginTokens()
    const all = Array.from({ length: 21 }, () => tokens.issue())
    expect(tokens.redeem(all[0] ?? '')).toBe(false)
    expect(tokens.redeem(all[1] ?? '')).toBe(true)
    expect(tokens.redeem(all[1] ?? '')).toBe(false)
  })

  it('keeps a fixed token valid, for scripts', () => {
    const tokens = new LoginTokens('a-fixed-token-of-mine')
    expect(tokens.issue()).toBe('a-fixed-token-of-mine')
    expect([
      tokens.redeem('a-fixed-token-of-mine'),
      tokens.redeem('a-fixed-token-of-mine'),
      tokens.redeem('other'),
    ]).toEqual([true, true, false])
  })
})
