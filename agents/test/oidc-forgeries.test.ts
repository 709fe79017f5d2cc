import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from './oidc/browser.ts'
import { type Forgery, startForgingProvider } from './oidc/forging-provider.ts'
import { CLIENT } from './oidc/local-provider.ts'
import { gatewayAt, type SignedInGateway, send } from './oidc/signed-in-gateway.ts'

let provider: Awaited<ReturnType<typeof startForgingProvider>>
let gateway: SignedInGateway

beforeAll(async () => {
  provider = await startForgingProvider(CLIENT.clientId, CLIENT.clientSecret)
  gateway = await gatewayAt(provider.issuer)
})
afterAll(async () => {
  await gateway?.close()
  await provider?.close()
})

async function signIn(forgery: Forgery): Promise<{ browser: Browser; status: number }> {
  provider.forge(forgery)
  const browser = new Browser()
  const begun = await browser.open(`${gateway.url}/api/auth/login`, (url) => url.startsWith(provider.issuer))
  const request = new URL(begun.url).searchParams
  const query = new URLSearchParams({ state: request.get('state') ?? '', code: request.get('nonce') ?? '' })
  const response = await browser.fetch(`${gateway.url}/api/auth/callback?${query}`)
  return { browser, status: response.status }
}

const now = Math.floor(Date.now() / 1000)

describe('an ID token', () => {
  it('that is as it should be signs in, so that the others fail for their fault', async () => {
    const { browser, status } = await signIn({})
    expect(status).toBe(303)
    expect((await send(browser, gateway, 'GET', '/api/me')).body.principal.roles).toEqual(['analyst'])
  })

  it.each<[string, Forgery]>([
    ['of another request (nonce)', { claims: { nonce: 'other' } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['for another client', { claims: { aud: 'other' } }],
    ['for several clients, made for another one', { claims: { aud: [CLIENT.clientId, 'other'], azp: 'other' } }],
    ['that is over', { claims: { iat: now - 7200, exp: now - 3600 } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['that nobody signed', { signature: 'none' }],
    ['signed with the public key as a shared secret', { signature: 'HS256 of the public key' }],
    ['signed with the secret of the client', { signature: 'HS256 of the client secret' }],
    ['signed with another key', { signature: 'other key' }],
    ['of one person, with UserInfo of another', { subject: 'mia' }],
  ])('%s is refused [identity.oidc]', async (_what, forgery) => {
    const before = await gateway.state.db.selectFrom('login_sessions').selectAll().execute()
    const { browser, status } = await signIn(forgery)
    expect(status).toBe(401)
    expect([...browser.cookies.keys()]).toEqual([])
    expect(await gateway.state.db.selectFrom('login_sessions').selectAll().execute()).toEqual(before)
  })
})
