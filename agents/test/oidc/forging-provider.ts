import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'

/** How an ID token is forged; what is not said, is as it should be. */
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>
  /** `none`: unsigned; `HS256`: with the public key, or the client's secret, as the shared secret; `other`: with a key of nobody. */
  readonly signature?: 'none' | 'HS256 of the public key' | 'HS256 of the client secret' | 'other key'
  /** Of UserInfo. */
  readonly subject?: string
}

/** A provider that lies as it is told. The code it is given back is the nonce of the request. */
export async function startForgingProvider(clientId: string, clientSecret: string) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const other = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const secrets = {
    'HS256 of the public key': new TextEncoder().encode(JSON.stringify(jwk)),
    'HS256 of the client secret': new TextEncoder().encode(clientSecret),
  }
  let forgery: Forgery = {}
  let issuer = ''

  const sign = async (
    claims: Readonly<Record<string, unknown>>,
    signature: Forgery['signature'],
    header: { typ?: string; jwk?: object; jku?: string } = {},
  ): Promise<string> => {
    if (signature === 'none') return new UnsecuredJWT({ ...claims }).encode()
    const token = new SignJWT({ ...claims })
    if (signature === 'HS256 of the public key' || signature === 'HS256 of the client secret') {
      return token.setProtectedHeader({ alg: 'HS256', kid: 'k1', ...header }).sign(secrets[signature])
    }
    const key = signature === 'other key' ? other.privateKey : privateKey
    return token.setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key)
  }
  const idToken = (nonce: string): Promise<string> => {
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: clientId, sub: 'ana', nonce, iat: now, exp: now + 60, ...forgery.claims }
    return sign(claims, forgery.signature)
  }

  const answers: Record<string, (body: URLSearchParams) => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': async (body) => ({
      access_token: 'access',
      token_type: 'Bearer',
      id_token: await idToken(body.get('code') ?? ''),
    }),
    '/userinfo': () => ({ sub: forgery.subject ?? 'ana', name: 'Ana', groups: ['analysts'] }),
  }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request.setEncoding('utf8')) text += part
    const answer = answers[new URL(request.url ?? '', issuer).pathname]
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify((await answer?.(new URLSearchParams(text))) ?? null))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    issuer,
    /** Any JWT, signed as told. */
    sign,
    forge(next: Forgery) {
      forgery = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
