import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { identityProvider } from './identity-provider.ts'

/** What a provider says of itself; `{self}` is its own address. */
let says: Record<string, string>
let server: Server
let issuer: string
const asked: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (says.redirect) return response.writeHead(302, { location: says.redirect.replace('{self}', issuer) }).end()
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(says).replaceAll('{self}', issuer))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const provider = () =>
  identityProvider({ issuer, clientId: 'x', scopes: 'openid', groupsClaim: 'groups', attributeClaims: new Map() })

it('is taken only for the issuer that it was configured as [identity.oidc]', async () => {
  says = { issuer: '{self}', jwks_uri: '{self}/jwks' }
  expect(await provider().metadata()).toEqual({ issuer, jwksUri: `${issuer}/jwks` })
  for (const other of ['https://evil.example', '{self}/other', '']) {
    says = { issuer: other, jwks_uri: '{self}/jwks' }
    await expect(provider().metadata(), other).rejects.toMatchObject({ code: expect.stringMatching(/IDENTITY|UNAUTH/) })
  }
})

it('is not followed to where its metadata redirect [identity.oidc]', async () => {
  says = { redirect: '{self}/elsewhere' }
  await expect(provider().metadata()).rejects.toMatchObject({ code: expect.stringMatching(/IDENTITY|UNAUTH/) })
  expect(asked.filter((path) => path === '/elsewhere')).toEqual([])
})
