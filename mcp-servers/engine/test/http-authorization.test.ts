import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { type Connection, connect, createHttpHandler, type ServerDefinition } from '@plumbline/mcp-kit'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineServer } from '../src/index.ts'

const METADATA = 'https://data.example/.well-known/oauth-protected-resource/mcp'
const PEOPLE: Record<string, { id: string; roles: string[] }> = {
  'Bearer of-the-owner': { id: 'owner', roles: ['owner'] },
  'Bearer of-nobody': { id: 'nobody', roles: [] },
}

let connection: Connection
let http: Server
let url: URL

beforeAll(async () => {
  connection = await connect(engineServer as unknown as ServerDefinition, {}, testGovernance())
  const handle = createHttpHandler(connection, {
    authenticate: async ({ headers: { authorization = '' } }) => {
      if (authorization === 'Bearer breaks') throw new Error('secret of the inside')
      const person = PEOPLE[authorization]
      if (person) return { ...person, name: person.id, attributes: {} }
      const error = authorization === '' ? '' : ', error="invalid_token"'
      return { status: 401, challenge: `Bearer resource_metadata="${METADATA}"${error}`, message: 'Sign in first.' }
    },
  })
  http = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => http.once('listening', resolve))
  url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`)
})
afterAll(async () => {
  http.closeAllConnections()
  await new Promise((resolve) => http.close(resolve))
  await connection.close()
})

async function rowsFor(authorization: string): Promise<unknown> {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } })
  await client.connect(transport as Parameters<Client['connect']>[0])
  const result = await client.callTool({ name: 'run_query', arguments: { sql: 'SELECT count(*) AS n FROM airlines' } })
  await client.close()
  return result.isError ? 'refused' : (result.structuredContent as { rows: unknown }).rows
}

describe('a data server over HTTP that finds out who asks', () => {
  it('works in the name of whom each request’s token says [identity.mcp-oauth]', async () => {
    expect(await rowsFor('Bearer of-the-owner')).toEqual([[16]])
    expect(await rowsFor('Bearer of-nobody')).toBe('refused')
  })

  it('sends the challenge to everyone else, whatever the method [identity.mcp-oauth]', async () => {
    for (const method of ['POST', 'GET', 'DELETE']) {
      for (const authorization of ['', 'Bearer wrong']) {
        const response = await fetch(url, { method, headers: authorization === '' ? {} : { authorization } })
        expect([method, response.status]).toEqual([method, 401])
        expect(response.headers.get('www-authenticate')).toContain(`resource_metadata="${METADATA}"`)
        expect(response.headers.get('www-authenticate')?.includes('invalid_token')).toBe(authorization !== '')
      }
    }
  })

  it('lets nobody in when that can not be found out, and tells nothing of why', async () => {
    const response = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer breaks' } })
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('secret of the inside')
  })

  it('looks at the host name before the token', async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: 'Bearer of-the-owner', origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
  })
})
