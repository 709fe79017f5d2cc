import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import { Answer } from '@plumbline/tools/contract'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN } from '../src/gateway/testing/running-gateway.ts'
import { Browser } from './oidc/browser.ts'
import { type LocalProvider, MCP_REDIRECT, startProvider } from './oidc/local-provider.ts'
import { browserOf, gatewayAt, type SignedInGateway, send } from './oidc/signed-in-gateway.ts'

let provider: LocalProvider
let gateway: SignedInGateway

beforeAll(async () => {
  provider = await startProvider()
  gateway = await gatewayAt(provider.issuer)
  provider.open(gateway.url)
})
afterAll(async () => {
  await gateway?.close()
  await provider?.close()
})

/** What an MCP client does for its person: it sends the browser to the provider and takes the code that comes back. */
class Person implements OAuthClientProvider {
  readonly redirectUrl = MCP_REDIRECT
  readonly clientMetadata = { redirect_uris: [MCP_REDIRECT], token_endpoint_auth_method: 'none' }
  readonly login: string
  readonly asked: URL[] = []
  code = ''
  #tokens: OAuthTokens | undefined
  #verifier = ''

  constructor(login: string) {
    this.login = login
  }
  clientInformation = () => ({ client_id: 'mcp-client' })
  tokens = () => this.#tokens
  saveTokens = (tokens: OAuthTokens) => {
    this.#tokens = tokens
  }
  saveCodeVerifier = (verifier: string) => {
    this.#verifier = verifier
  }
  codeVerifier = () => this.#verifier
  redirectToAuthorization = async (url: URL) => {
    this.asked.push(url)
    const back = await new Browser().signInAtProvider(url.href, this.login, (next) => next.startsWith(MCP_REDIRECT))
    this.code = new URL(back.url).searchParams.get('code') ?? ''
  }
}

const transportOf = (options: ConstructorParameters<typeof StreamableHTTPClientTransport>[1]) =>
  new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), options)

async function connect(transport: StreamableHTTPClientTransport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  // The SDK's own types disagree under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0])
  return client
}

/** Finds the provider, signs in, connects: all by the official client. */
async function connectAs(person: Person): Promise<Client> {
  const first = transportOf({ authProvider: person })
  await expect(connect(first)).rejects.toThrow(UnauthorizedError)
  await first.finishAuth(person.code)
  return connect(transportOf({ authProvider: person }))
}

/** A token of the provider for any resource. */
async function providerToken(login: string, resource: string, scope = 'ask'): Promise<string> {
  const person = new Person(login)
  const verifier = 'v'.repeat(43)
  const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))).toString(
    'base64url',
  )
  const url = new URL(`${provider.issuer}/auth`)
  url.search = new URLSearchParams({
    client_id: 'mcp-client',
    redirect_uri: MCP_REDIRECT,
    response_type: 'code',
    scope,
    resource,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }).toString()
  await person.redirectToAuthorization(url)
  const response = await fetch(`${provider.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'mcp-client',
      redirect_uri: MCP_REDIRECT,
      code: person.code,
      code_verifier: verifier,
      resource,
    }),
  })
  const body = (await response.json()) as { access_token?: string }
  if (!body.access_token) throw new Error(`no token: ${JSON.stringify(body)}`)
  return body.access_token
}

const mcp = (headers: Record<string, string>, path = '/mcp') =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
const withBearer = (token: string) => mcp({ authorization: `Bearer ${token}` })

describe('MCP as an OAuth resource', () => {
  it('tells a client without a token where to get one [identity.mcp-oauth]', async () => {
    const response = await mcp({})
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="plumbline", scope="ask", resource_metadata="${gateway.url}/.well-known/oauth-protected-resource/mcp"`,
    )
    for (const path of ['', '/mcp']) {
      const metadata = await fetch(`${gateway.url}/.well-known/oauth-protected-resource${path}`)
      expect(await metadata.json()).toEqual({
        resource: `${gateway.url}/mcp`,
        authorization_servers: [provider.issuer],
        scopes_supported: ['ask'],
        bearer_methods_supported: ['header'],
        resource_name: 'Plumbline',
      })
    }
  })

  it('is found, signed in to and used by the official client alone [identity.mcp-oauth]', async () => {
    const person = new Person('ana')
    const client = await connectAs(person)
    const [asked] = person.asked
    expect(asked?.searchParams.get('resource')).toBe(`${gateway.url}/mcp`)
    expect(asked?.searchParams.get('scope')).toBe('ask')
    expect(asked?.searchParams.get('code_challenge_method')).toBe('S256')
    expect(decodeJwt(person.tokens()?.access_token ?? '')).toMatchObject({ aud: `${gateway.url}/mcp`, scope: 'ask' })

    const result = await client.callTool({ name: 'ask_question', arguments: { question: 'How many?' } })
    const answer = Answer.parse(result.structuredContent)
    expect(answer.status).toBe('answered')
    await client.close()
    // It was asked for her, who never was at the page.
    const kept = await gateway.state.threads.list(`${provider.issuer}|ana`)
    expect(kept.threads.map(({ id }) => id)).toContain(answer.threadId)
  })

  it('refuses tokens for another audience, and passes none on [identity.mcp-oauth]', async () => {
    expect((await withBearer(await providerToken('ana', `${gateway.url}/mcp`))).status).toBe(200)
    for (const resource of ['https://other.example/mcp', `${gateway.url}/api`, gateway.url, `${gateway.url}/mcp/x`]) {
      const response = await withBearer(await providerToken('ana', resource))
      expect([resource, response.status]).toEqual([resource, 401])
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
    }
    const person = new Person('ana')
    const transport = transportOf({
      requestInit: { headers: { authorization: `Bearer ${await providerToken('ana', 'https://other.example/mcp')}` } },
    })
    await expect(connect(transport)).rejects.toThrow()
    expect(person.asked).toEqual([])
  })

  it('does not open the API to the provider’s tokens, whatever their audience', async () => {
    for (const resource of [`${gateway.url}/mcp`, `${gateway.url}/api`]) {
      const authorization = `Bearer ${await providerToken('ana', resource)}`
      expect((await fetch(`${gateway.url}/api/catalog`, { headers: { authorization } })).status).toBe(401)
    }
  })

  it('refuses a token without the scope, and says which one it takes [identity.mcp-oauth]', async () => {
    const ana = await browserOf(gateway, 'ana')
    const { body } = await send(ana, gateway, 'POST', '/api/tokens', { resource: 'mcp', scopes: ['read'] })
    const response = await withBearer(body.access_token)
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toMatch(
      /error="insufficient_scope", scope="ask", resource_metadata=/,
    )
  })

  it('takes our own tokens, keys and the API token too, each for what it is made for [identity.mcp-oauth]', async () => {
    const ana = await browserOf(gateway, 'ana')
    const token = async (resource: string) =>
      (await send(ana, gateway, 'POST', '/api/tokens', { resource, scopes: ['ask', 'read'] })).body.access_token
    const [forMcp, forApi] = [await token('mcp'), await token('api')]
    expect((await withBearer(forMcp)).status).toBe(200)
    expect((await withBearer(forApi)).status).toBe(401)
    const catalog = (bearer: string) =>
      fetch(`${gateway.url}/api/catalog`, { headers: { authorization: `Bearer ${bearer}` } })
    expect((await catalog(forApi)).status).toBe(200)
    expect((await catalog(forMcp)).status).toBe(401)

    const key = async (scopes: string[]) =>
      (await send(ana, gateway, 'POST', '/api/keys', { name: 'k', scopes })).body.secret
    expect((await withBearer(await key(['ask']))).status).toBe(200)
    expect((await withBearer(await key(['read']))).status).toBe(403)
    expect((await withBearer(API_TOKEN)).status).toBe(200)
  })

  it('takes no token from the address, and no cookie', async () => {
    const token = await providerToken('ana', `${gateway.url}/mcp`)
    expect((await mcp({}, `/mcp?access_token=${token}`)).status).toBe(401)
    const ana = await browserOf(gateway, 'ana')
    const session = [...ana.cookies].find(([name]) => name.startsWith('plumbline_session'))
    const byCookie = await mcp({ cookie: `${session?.[0]}=${session?.[1].value}`, origin: gateway.url })
    expect(byCookie.status).toBe(401)
    expect(byCookie.headers.get('www-authenticate')).toContain('resource_metadata=')
  })

  it('holds people without a role, and those who are disabled, to that [identity.mcp-oauth] [identity.roles]', async () => {
    const bob = await providerToken('bob', `${gateway.url}/mcp`)
    const refused = await withBearer(bob)
    expect([refused.status, (await refused.json()).error.message]).toEqual([
      403,
      expect.stringMatching(/has a role here/),
    ])

    const mia = await providerToken('mia', `${gateway.url}/mcp`)
    expect((await withBearer(mia)).status).toBe(200)
    await gateway.state.identity.users.setDisabled(`${provider.issuer}|mia`, true)
    expect((await withBearer(mia)).status).toBe(401)
  })
})
