import { Me } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { logIn } from '../src/gateway/testing/running-gateway.ts'
import { LOCAL_SETTINGS } from '../src/identity/settings.ts'
import { sessionStore } from '../src/state/sessions.ts'
import { Browser } from './oidc/browser.ts'
import { type LocalProvider, startProvider } from './oidc/local-provider.ts'
import { browserOf, gatewayAt, type SignedInGateway, send } from './oidc/signed-in-gateway.ts'

let provider: LocalProvider
let gateway: SignedInGateway

beforeAll(async () => {
  provider = await startProvider()
  gateway = await gatewayAt(provider.issuer)
})
afterAll(async () => {
  await gateway?.close()
  await provider?.close()
})

const loginUrl = (returnTo?: string) =>
  `${gateway.url}/api/auth/login${returnTo === undefined ? '' : `?return=${encodeURIComponent(returnTo)}`}`
const isCallback = (url: string) => url.startsWith(`${gateway.url}/api/auth/callback`)
const sessionOf = (browser: Browser) => [...browser.cookies].find(([name]) => name.startsWith('plumbline_session'))?.[1]

/** A socket of the page, and what becomes of a question on it. */
async function socketOf(browser: Browser) {
  const name = [...browser.cookies.keys()].find((one) => one.startsWith('plumbline_session'))
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/socket`, {
    headers: { cookie: `${name}=${sessionOf(browser)?.value}`, origin: gateway.url },
  })
  await new Promise((resolve) => socket.once('open', resolve))
  const answered = (id: string) =>
    new Promise<{ type: string; code?: string }>((resolve) => {
      socket.on('message', (data) => {
        const reply = JSON.parse(String(data))
        if (reply.id === id && (reply.type === 'error' || reply.event?.type === 'answer-end')) resolve(reply)
      })
      socket.send(JSON.stringify({ type: 'ask', id, request: { question: 'How many?' } }))
    })
  return { answered, close: () => socket.close() }
}

describe('before the provider answers', () => {
  it('the gateway runs, says so, and tries again at the next sign-in [identity.oidc]', async () => {
    const page = await fetch(loginUrl(), { redirect: 'manual' })
    expect([page.status, (await page.json()).error.code]).toEqual([503, 'IDENTITY_UNAVAILABLE'])
    expect(await (await fetch(`${gateway.url}/api/auth/methods`)).json()).toEqual({
      oidc: { url: '/api/auth/login', issuer: provider.issuer },
      link: true,
    })
    provider.open(gateway.url)
    expect((await fetch(loginUrl(), { redirect: 'manual' })).status).toBe(303)
  })
})

describe('a sign-in at the provider', () => {
  it('goes there with PKCE, state and nonce, and comes back to where one was [identity.oidc] [identity.roles]', async () => {
    const browser = new Browser()
    const page = await browser.signInAtProvider(loginUrl('/threads/1?x=1'), 'ana')
    expect(page.url).toBe(`${gateway.url}/threads/1?x=1`)

    const request = new URL(browser.visited.find((url) => url.startsWith(`${provider.issuer}/auth?`)) ?? '')
    const sent = Object.fromEntries(request.searchParams)
    expect(sent).toMatchObject({
      response_type: 'code',
      client_id: 'plumbline',
      redirect_uri: `${gateway.url}/api/auth/callback`,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(sent[name]).toMatch(/^[\w-]{43}$/)

    const { status, body } = await send(browser, gateway, 'GET', '/api/me')
    expect(status).toBe(200)
    expect(Me.parse(body)).toMatchObject({
      principal: { id: `${provider.issuer}|ana`, name: 'Ana Lima', roles: ['analyst'] },
      email: 'ana@acme.example',
      permissions: ['ask', 'keys.manage'],
      signedInBy: 'oidc',
      scopes: null,
    })
    expect(Date.parse(body.sessionExpiresAt) - Date.now()).toBeLessThanOrEqual(12 * 3_600_000)
    const user = await gateway.state.identity.users.find(`${provider.issuer}|ana`)
    expect(user).toMatchObject({
      groups: ['analysts', 'everyone'],
      attributes: { region: 'EU', email: 'ana@acme.example' },
    })
    expect((await send(browser, gateway, 'POST', '/api/ask', { question: 'How many?' })).status).toBe(200)
    expect(gateway.events).toContainEqual({ type: 'signed-in', userId: `${provider.issuer}|ana` })
  })

  it('keeps nothing in the browser but cookies that no script can read [identity.sessions]', async () => {
    const browser = new Browser()
    await browser.open(loginUrl(), (url) => url.startsWith(provider.issuer))
    const [login] = [...browser.cookies.values()]
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/api/auth/callback', 'Max-Age=600']) {
      expect(login?.text).toContain(part)
    }
    await browser.signInAtProvider(loginUrl(), 'ana')
    const session = sessionOf(browser)
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/;']) expect(session?.text).toContain(part)
    const stored = JSON.stringify([
      await gateway.state.db.selectFrom('login_sessions').selectAll().execute(),
      await gateway.state.db.selectFrom('login_transactions').selectAll().execute(),
    ])
    expect(stored).not.toContain(session?.value)
    expect(stored).not.toContain(login?.value)
  })

  it('makes a new session and ends the one before, so that none can be planted [identity.sessions]', async () => {
    const browser = await browserOf(gateway, 'ana')
    const first = sessionOf(browser)?.value ?? ''
    await browser.signInAtProvider(loginUrl(), 'ana')
    const second = sessionOf(browser)?.value ?? ''
    expect(second).not.toBe(first)
    expect(await gateway.state.sessions.find(first)).toBeNull()
    expect(await gateway.state.sessions.find(second)).not.toBeNull()
  })

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'evil.example',
    'javascript:alert(1)',
    '/api/logout',
    '/%0d%0aset-cookie:x=1\r\nx',
    '/../api/auth/login',
    `/${'a'.repeat(2000)}`,
  ])('does not go on to %s [identity.oidc]', async (target) => {
    const response = await fetch(loginUrl(target), { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([400, null])
  })

  it('is refused with a changed state, in another browser, and the second time [identity.oidc]', async () => {
    const victim = new Browser()
    const { url } = await victim.signInAtProvider(loginUrl(), 'ana', isCallback)
    expect(isCallback(url)).toBe(true)

    const changed = new URL(url)
    changed.searchParams.set('state', `${changed.searchParams.get('state')?.slice(0, -4)}AAAA`)
    const withChanged = await victim.open(changed.href)
    expect([withChanged.status, withChanged.text.includes('You are not signed in')]).toEqual([401, true])

    // Somebody who is sent a link to the end of another person's sign-in must not be signed in as that person.
    const attacked = new Browser()
    const planted = await attacked.open(url)
    expect([planted.status, sessionOf(attacked)]).toEqual([401, undefined])

    // That attempt used the sign-in up.
    expect((await victim.open(url)).status).toBe(401)
    expect(sessionOf(victim)).toBeUndefined()
  })

  it('is refused when it comes back once more after it worked', async () => {
    const browser = new Browser()
    const { url } = await browser.signInAtProvider(loginUrl(), 'ana', isCallback)
    const cookies = new Map(browser.cookies)
    expect((await browser.fetch(url)).status).toBe(303)
    const replay = new Browser()
    for (const [name, cookie] of cookies) replay.cookies.set(name, cookie)
    expect((await replay.fetch(url)).status).toBe(401)
  })

  it('is refused when another provider seems to have answered (RFC 9207) [identity.oidc]', async () => {
    const browser = new Browser()
    const { url } = await browser.signInAtProvider(loginUrl(), 'ana', isCallback)
    const changed = new URL(url)
    expect(changed.searchParams.get('iss')).toBe(provider.issuer)
    changed.searchParams.set('iss', 'https://evil.example')
    expect((await browser.open(changed.href)).status).toBe(401)
    expect(sessionOf(browser)).toBeUndefined()
  })

  it('is refused with a code that the provider did not give', async () => {
    const browser = new Browser()
    const { url } = await browser.signInAtProvider(loginUrl(), 'ana', isCallback)
    const changed = new URL(url)
    changed.searchParams.set('code', 'x'.repeat(43))
    expect((await browser.open(changed.href)).status).toBe(401)
  })

  it('says in words what the provider refused, and nothing of what stands in the address', async () => {
    const browser = new Browser()
    const begun = await browser.open(loginUrl(), (url) => url.startsWith(provider.issuer))
    const state = new URL(begun.url).searchParams.get('state')
    const query = `state=${state}&iss=${encodeURIComponent(provider.issuer)}&error=access_denied&error_description=%3Cscript%3E`
    const page = await browser.open(`${gateway.url}/api/auth/callback?${query}`)
    expect(page.status).toBe(401)
    expect(page.text).toContain('(access_denied)')
    expect(page.text).not.toContain('<script>')
  })

  it('works in two tabs at the same time', async () => {
    const browser = new Browser()
    const first = await browser.signInAtProvider(loginUrl('/one'), 'ana', isCallback)
    const second = await browser.signInAtProvider(loginUrl('/two'), 'ana', isCallback)
    expect((await browser.fetch(first.url)).headers.get('location')).toBe('/one')
    expect((await browser.fetch(second.url)).headers.get('location')).toBe('/two')
  })

  it('finds its cookie when the browser calls this machine by another name', async () => {
    const browser = new Browser()
    const { port } = new URL(gateway.url)
    const response = await browser.fetch(`http://localhost:${port}/api/auth/login?return=%2Fone`)
    expect(response.headers.get('location')).toBe(`${gateway.url}/api/auth/login?return=%2Fone`)
  })
})

describe('somebody without a role', () => {
  it('is signed in, may do nothing, and is told why [identity.roles]', async () => {
    const browser = await browserOf(gateway, 'bob')
    const me = await send(browser, gateway, 'GET', '/api/me')
    expect([me.status, me.body.principal.roles, me.body.permissions]).toEqual([200, [], []])
    for (const [method, path, body] of [
      ['GET', '/api/catalog'],
      ['GET', '/api/threads'],
      ['GET', '/api/keys'],
      ['GET', '/api/openapi.json'],
      ['POST', '/api/ask', { question: 'How many?' }],
      ['POST', '/api/tokens', {}],
    ] as const) {
      const { status, body: reply } = await send(browser, gateway, method, path, body)
      expect([path, status]).toEqual([path, 403])
      expect(reply.error.message).toMatch(/You are signed in as Bob Stone, but none of your groups has a role/)
    }
    expect((await send(browser, gateway, 'POST', '/api/logout')).status).toBe(200)
  })
})

describe('a role that is taken away', () => {
  it('is missing at the next question, on a socket that is open too [identity.roles]', async () => {
    const ana = await browserOf(gateway, 'ana')
    const { answered, close } = await socketOf(ana)
    expect(await answered('1')).toMatchObject({ type: 'event' })
    const profile = { id: `${provider.issuer}|ana`, name: 'Ana Lima', email: null, attributes: {} }
    await gateway.state.identity.users.save({ ...profile, groups: [] })
    expect(await answered('2')).toMatchObject({ type: 'error', code: 'FORBIDDEN' })
    expect((await send(ana, gateway, 'GET', '/api/threads')).status).toBe(403)
    close()
  })
})

describe('permissions', () => {
  it('open routes to the roles that have them [identity.roles]', async () => {
    const [ana, mia] = [await browserOf(gateway, 'ana'), await browserOf(gateway, 'mia')]
    expect((await send(ana, gateway, 'GET', '/api/users')).status).toBe(403)
    const { status, body } = await send(mia, gateway, 'GET', '/api/users')
    expect(status).toBe(200)
    expect(body.users.find(({ name }: { name: string }) => name === 'Ana Lima')).toMatchObject({
      roles: ['analyst'],
      groups: ['analysts', 'everyone'],
      disabledAt: null,
    })
    expect((await send(mia, gateway, 'POST', '/api/keys', { name: 'k', scopes: ['ask'] })).status).toBe(403)
    expect((await send(ana, gateway, 'POST', '/api/login-links')).status).toBe(403)
  })
})

describe('the end of a session', () => {
  it('ends the provider’s own, and the tokens that came from it [identity.sessions] [identity.oidc]', async () => {
    const browser = await browserOf(gateway, 'ana')
    const { body: token } = await send(browser, gateway, 'POST', '/api/tokens', { scopes: ['read'] })
    const withToken = () =>
      fetch(`${gateway.url}/api/catalog`, { headers: { authorization: `Bearer ${token.access_token}` } })
    expect((await withToken()).status).toBe(200)

    const { status, body } = await send(browser, gateway, 'POST', '/api/logout')
    expect(status).toBe(200)
    const end = new URL(body.endSessionUrl)
    expect(end.origin).toBe(provider.issuer)
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe(`${gateway.url}/`)
    expect(end.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    expect(sessionOf(browser)).toBeUndefined()
    expect((await send(browser, gateway, 'GET', '/api/me')).status).toBe(401)
    expect((await withToken()).status).toBe(401)
    // The provider takes the hint: it asks whether to sign out.
    expect((await browser.open(end.href)).status).toBe(200)
  })

  it('can be everywhere at once [identity.sessions]', async () => {
    const [one, two] = [await browserOf(gateway, 'ana'), await browserOf(gateway, 'ana')]
    const other = await browserOf(gateway, 'mia')
    expect((await send(one, gateway, 'POST', '/api/logout/everywhere')).status).toBe(204)
    for (const browser of [one, two]) expect((await send(browser, gateway, 'GET', '/api/me')).status).toBe(401)
    expect((await send(other, gateway, 'GET', '/api/me')).status).toBe(200)

    // Whoever manages the users can do it for others.
    const ana = await browserOf(gateway, 'ana')
    const id = `${provider.issuer}|ana`
    const path = `/api/users/${encodeURIComponent(id)}/sign-out`
    expect((await send(ana, gateway, 'POST', path)).status).toBe(403)
    expect((await send(other, gateway, 'POST', path)).status).toBe(204)
    expect((await send(ana, gateway, 'GET', '/api/me')).status).toBe(401)
    expect(gateway.events.at(-1)).toEqual({ type: 'signed-out-everywhere', userId: id, by: `${provider.issuer}|mia` })
  })

  it('comes by itself when it is not used, and at its last hour [identity.sessions]', async () => {
    const ahead = { ms: 0 }
    const clock = () => new Date(Date.now() + ahead.ms)
    const other = await gatewayAt(provider.issuer, (state) => ({ sessions: sessionStore(state.db, clock) }))
    const user = await other.state.identity.users.save({
      id: `${provider.issuer}|ana`,
      name: 'Ana',
      email: null,
      groups: ['analysts'],
      attributes: {},
    })
    const signIn = () =>
      sessionStore(other.state.db, clock).create(user.id, {
        signedInBy: 'oidc',
        lifetimeMs: LOCAL_SETTINGS.sessionMs,
        idleMs: LOCAL_SETTINGS.sessionIdleMs,
      })
    const name = `plumbline_session_${new URL(other.url).port}`
    const status = async ({ value }: { value: string }) =>
      (await fetch(`${other.url}/api/me`, { headers: { cookie: `${name}=${value}` } })).status
    const [used, unused] = [await signIn(), await signIn()]
    for (let hour = 0; hour < 11; hour++) {
      ahead.ms += 59 * 60_000
      expect([hour, await status(used)]).toEqual([hour, 200])
    }
    expect(await status(unused)).toBe(401)
    ahead.ms = 12 * 3_600_000
    expect(await status(used)).toBe(401)
    await other.close()
  })
})

describe('a person who is disabled', () => {
  it('loses sessions, tokens, keys and open sockets at once, and can not come back [identity.sessions]', async () => {
    const ana = await browserOf(gateway, 'ana')
    const mia = await browserOf(gateway, 'mia')
    const { body: token } = await send(ana, gateway, 'POST', '/api/tokens', { scopes: ['read'] })
    const { body: key } = await send(ana, gateway, 'POST', '/api/keys', { name: 'k', scopes: ['read'] })
    const bearers = [token.access_token, key.secret]
    const statuses = () =>
      Promise.all(
        bearers.map(
          async (bearer) =>
            (await fetch(`${gateway.url}/api/catalog`, { headers: { authorization: `Bearer ${bearer}` } })).status,
        ),
      )
    expect(await statuses()).toEqual([200, 200])
    const { answered, close } = await socketOf(ana)
    expect(await answered('1')).toMatchObject({ type: 'event' })

    const id = encodeURIComponent(`${provider.issuer}|ana`)
    const disabled = await send(mia, gateway, 'PATCH', `/api/users/${id}`, { disabled: true })
    expect([disabled.status, disabled.body.disabledAt]).toEqual([200, expect.any(String)])
    expect((await send(ana, gateway, 'GET', '/api/me')).status).toBe(401)
    expect(await statuses()).toEqual([401, 401])
    const refreshed = await fetch(`${gateway.url}/api/tokens/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: token.refresh_token }),
    })
    expect(refreshed.status).toBe(401)
    expect(await answered('2')).toMatchObject({ type: 'error', code: 'UNAUTHENTICATED' })
    close()

    const again = new Browser()
    const page = await again.signInAtProvider(loginUrl(), 'ana')
    expect([page.status, page.text.includes('This account is disabled')]).toEqual([403, true])
    expect(sessionOf(again)).toBeUndefined()

    // Enabled again, one signs in again; what was ended stays ended.
    expect((await send(mia, gateway, 'PATCH', `/api/users/${id}`, { disabled: false })).status).toBe(200)
    expect(await statuses()).toEqual([401, 401])
    expect((await send(ana, gateway, 'GET', '/api/me')).status).toBe(401)
    expect((await send(await browserOf(gateway, 'ana'), gateway, 'GET', '/api/me')).status).toBe(200)
  })

  it('is never oneself, nor the owner', async () => {
    const mia = await browserOf(gateway, 'mia')
    for (const id of [`${provider.issuer}|mia`, 'local']) {
      const { status } = await send(mia, gateway, 'PATCH', `/api/users/${encodeURIComponent(id)}`, { disabled: true })
      expect([id, status]).toEqual([id, 409])
    }
    expect((await send(mia, gateway, 'PATCH', '/api/users/nobody', { disabled: true })).status).toBe(404)
  })
})

describe('the owner beside the provider', () => {
  it('comes in by a link on the machine itself, and not from elsewhere [identity.oidc]', async () => {
    const cookie = await logIn(gateway)
    const me = await fetch(`${gateway.url}/api/me`, { headers: { cookie } })
    expect(Me.parse(await me.json())).toMatchObject({
      principal: { id: 'local', roles: ['owner'] },
      signedInBy: 'link',
    })
    const token = gateway.loginTokens.issue()
    for (const headers of [{ 'x-forwarded-for': '203.0.113.7' }, { forwarded: 'for=203.0.113.7' }]) {
      const response = await fetch(`${gateway.url}/?token=${token}`, { redirect: 'manual', headers })
      expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null])
    }
    // The refused attempts did not use it up.
    expect((await fetch(`${gateway.url}/?token=${token}`, { redirect: 'manual' })).status).toBe(303)
  })

  it('does not where links are off, and neither does a session from before [identity.oidc]', async () => {
    const oidc = {
      issuer: provider.issuer,
      clientId: 'x',
      scopes: 'openid',
      groupsClaim: 'g',
      attributeClaims: new Map(),
    }
    const strict = await gatewayAt(provider.issuer, () => ({
      settings: { ...LOCAL_SETTINGS, localLogin: false, oidc },
    }))
    const { value } = await strict.state.sessions.create('local')
    const name = `plumbline_session_${new URL(strict.url).port}`
    expect((await fetch(`${strict.url}/api/me`, { headers: { cookie: `${name}=${value}` } })).status).toBe(401)
    const token = strict.loginTokens.issue()
    expect((await fetch(`${strict.url}/?token=${token}`, { redirect: 'manual' })).status).toBe(401)
    expect((await strict.call('POST', '/api/login-links')).status).toBe(403)
    expect((await (await fetch(`${strict.url}/api/auth/methods`)).json()).link).toBe(false)
    await strict.close()
  })
})
