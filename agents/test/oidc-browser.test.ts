import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalProvider, startProvider } from './oidc/local-provider.ts'
import { gatewayAt, type SignedInGateway } from './oidc/signed-in-gateway.ts'
import { CHROMIUM, FLAGS } from './open-browser.ts'

let provider: LocalProvider
let gateway: SignedInGateway
let browser: Browser

beforeAll(async () => {
  if (!existsSync(CHROMIUM)) throw new Error('Chromium is not at /usr/bin/chromium: npm test installs it.')
  // `localhost` and `127.0.0.1` are two sites to a browser: SameSite holds between them as on the web.
  provider = await startProvider('localhost')
  gateway = await gatewayAt(provider.issuer)
  provider.open(gateway.url)
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
})
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
  await provider?.close()
})

describe('a real browser', () => {
  it('signs in at a provider on another site, comes back with the session, and signs out of both [identity.oidc]', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    // The page is not built here: its stand-in has the link to the sign-in.
    await page.goto(gateway.url)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByPlaceholder('Enter any login').fill('ana')
    await page.getByPlaceholder('and password').fill('any')
    await page.getByRole('button').click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${gateway.url}/`)
    // The first page after the way back, which began at another site, has the session already.
    await page.getByText('The page is not built yet').waitFor()

    const call = (method: string, path: string) =>
      page.evaluate(
        async ([how, where]) => {
          const response = await fetch(where ?? '', { method: how ?? '' })
          const text = await response.text()
          return { status: response.status, body: text === '' ? null : JSON.parse(text), cookies: document.cookie }
        },
        [method, path],
      )
    const me = await call('GET', '/api/me')
    expect(me).toMatchObject({
      status: 200,
      body: { principal: { name: 'Ana Lima', roles: ['analyst'] } },
      cookies: '',
    })
    const left = (await context.cookies(gateway.url)).map(({ name }) => name)
    expect(left.filter((name) => name.startsWith('plumbline_login'))).toEqual([])

    // A page of another site can send the write; it ends nothing, and it can not even see that it was answered.
    const evil = await context.newPage()
    await evil.goto(`${provider.issuer}/.well-known/openid-configuration`)
    const attempt = await evil.evaluate(async (url) => {
      try {
        const response = await fetch(`${url}/api/logout/everywhere`, {
          method: 'POST',
          credentials: 'include',
          mode: 'no-cors',
        })
        return response.type
      } catch (error) {
        return String(error)
      }
    }, gateway.url)
    expect(attempt).toBe('TypeError: Failed to fetch')
    expect(gateway.events.map(({ type }) => type)).not.toContain('signed-out-everywhere')
    expect((await call('GET', '/api/me')).status).toBe(200)

    const out = await call('POST', '/api/logout')
    expect(out.status).toBe(200)
    await page.goto(out.body.endSessionUrl)
    await page.getByRole('button', { name: 'Yes, sign me out' }).click()
    await page.waitForURL(`${gateway.url}/`)
    await page.getByRole('link', { name: 'Sign in' }).waitFor()
    // The provider has forgotten them too: it asks for the login again.
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByPlaceholder('Enter any login').waitFor()
    await context.close()
  })
})
