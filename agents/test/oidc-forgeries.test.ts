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

describe('an access token of the provider for MCP', () => {
  const seconds = () => Math.floor(Date.now() / 1000)
  const claims = (changes: Record<string, unknown> = {}) => ({
    iss: provider.issuer,
    aud: `${gateway.url}/mcp`,
    sub: 'ana',
    scope: 'ask',
    groups: ['analysts'],
    iat: seconds(),
    exp: seconds() + 60,
    ...changes,
  })
  const status = async (token: string) => {
    const response = await fetch(`${gateway.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    })
    return response.status
  }

  it('that is as it should be opens the tools, also as Okta and Keycloak write it [identity.mcp-oauth]', async () => {
    expect(await status(await provider.sign(claims(), undefined))).toBe(200)
    expect(await status(await provider.sign(claims(), undefined, { typ: 'at+jwt' }))).toBe(200)
    const okta = claims({ scope: undefined, scp: ['openid', 'ask'], aud: [`${gateway.url}/mcp`, 'other'] })
    expect(await status(await provider.sign(okta, undefined, { typ: 'JWT' }))).toBe(200)
  })

  it('that is forged, over or for others does not [identity.mcp-oauth]', async () => {
    const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: object[] }
    const tokens: Record<string, string> = {
      'alg none': await provider.sign(claims(), 'none'),
      'HS256 with the public key': await provider.sign(claims(), 'HS256 of the public key'),
      'HS256 with the secret of the client': await provider.sign(claims(), 'HS256 of the client secret'),
      'another key': await provider.sign(claims(), 'other key'),
      'another key, with a key in its header': await provider.sign(claims(), 'other key', { jwk: keys[0] ?? {} }),
      'another key, with an address in its header': await provider.sign(claims(), 'other key', {
        jku: 'http://evil.example/jwks',
      }),
      'another issuer': await provider.sign(claims({ iss: 'https://evil.example' }), undefined),
      'another audience': await provider.sign(claims({ aud: 'https://evil.example/mcp' }), undefined),
      'the client as the audience, as in an ID token': await provider.sign(claims({ aud: CLIENT.clientId }), undefined),
      'no audience': await provider.sign(claims({ aud: undefined }), undefined),
      over: await provider.sign(claims({ exp: seconds() - 120 }), undefined),
      'without an end': await provider.sign(claims({ exp: undefined }), undefined),
      'not good yet': await provider.sign(claims({ nbf: seconds() + 3600 }), undefined),
      'without a subject': await provider.sign(claims({ sub: undefined }), undefined),
      'a logout token': await provider.sign(claims(), undefined, { typ: 'logout+jwt' }),
      'our own issuer, signed by the provider': await provider.sign(claims({ iss: gateway.url }), undefined),
    }
    const opened: string[] = []
    for (const [what, token] of Object.entries(tokens)) if ((await status(token)) !== 401) opened.push(what)
    expect(opened).toEqual([])
  })

  it('has the roles of the groups it names, and none when it names none [identity.roles]', async () => {
    expect(await status(await provider.sign(claims({ sub: 'new' }), undefined))).toBe(200)
    expect(await status(await provider.sign(claims({ sub: 'new', groups: [] }), undefined))).toBe(403)
    expect(await status(await provider.sign(claims({ sub: 'newer', groups: undefined }), undefined))).toBe(403)
    expect(await status(await provider.sign(claims({ scope: 'openid' }), undefined))).toBe(403)
    // Who comes by a token alone can be found and disabled as well.
    await gateway.state.identity.users.setDisabled(`${provider.issuer}|new`, true)
    expect(await status(await provider.sign(claims({ sub: 'new' }), undefined))).toBe(401)
  })
})
