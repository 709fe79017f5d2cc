import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

export interface Account {
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
  readonly region?: string
}

/** By what one types as the login. */
export const ACCOUNTS: Record<string, Account> = {
  ana: { name: 'Ana Lima', email: 'ana@acme.example', groups: ['analysts', 'everyone'], region: 'EU' },
  mia: { name: 'Mia Chen', email: 'mia@acme.example', groups: ['managers'], region: 'US' },
  bob: { name: 'Bob Stone', email: 'bob@acme.example', groups: ['everyone'] },
}

export const CLIENT = { clientId: 'plumbline', clientSecret: 'the secret of the client: 100% + more' }
export const MCP_REDIRECT = 'http://127.0.0.1:9/callback'

export interface LocalProvider {
  readonly issuer: string
  /** The provider answers from now on: its clients must know where the gateway is. */
  open(gatewayUrl: string): void
  close(): Promise<void>
}

/** A real OpenID provider on loopback, with its own sign-in and consent forms; any password will do. `host` is its name. */
export async function startProvider(host = '127.0.0.1'): Promise<LocalProvider> {
  let handle: ReturnType<Provider['callback']> | undefined
  const server = createServer((request, response) => {
    if (handle) void handle(request, response)
    else response.writeHead(503).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://${host}:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    open(gatewayUrl) {
      handle = new Provider(issuer, configuration(gatewayUrl)).callback()
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function configuration(gatewayUrl: string): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${gatewayUrl}/api/auth/callback`],
        post_logout_redirect_uris: [`${gatewayUrl}/`],
      },
      { client_id: 'mcp-client', token_endpoint_auth_method: 'none', redirect_uris: [MCP_REDIRECT] },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'region'] },
    scopes: ['openid', 'profile', 'email', 'ask'],
    // Said, because the provider warns of what is not.
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
    cookies: { keys: ['a key for the cookies of the test'] },
    findAccount: (_context, id) => {
      const account = ACCOUNTS[id]
      return account && { accountId: id, claims: () => ({ sub: id, email_verified: true, ...account }) }
    },
    extraTokenClaims: (_context, token) =>
      'accountId' in token ? { groups: [...(ACCOUNTS[token.accountId]?.groups ?? [])] } : {},
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: 'ask',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  }
}
