import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { type Connection, connect, createHttpHandler, type ServerDefinition } from '@plumbline/mcp-kit'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineServer } from '../src/index.ts'

const STDIO = fileURLToPath(new URL('../src/stdio.ts', import.meta.url))
const COUNT = { name: 'run_query', arguments: { sql: 'SELECT count(*) AS n FROM airlines' } }
const client = () => new Client({ name: 'test', version: '1' })
type Transport = Parameters<Client['connect']>[0]

describe('the engine over stdio [mcp.server]', () => {
  it('serves the same tools to the official client and ends with it', async () => {
    const transport = new StdioClientTransport({ command: process.execPath, args: [STDIO], stderr: 'pipe' })
    const mcp = client()
    await mcp.connect(transport)
    expect((await mcp.listTools()).tools.map(({ name }) => name)).toContain('run_query')
    expect((await mcp.callTool(COUNT)).structuredContent).toMatchObject({ rows: [[16]] })
    await mcp.close()
    await expect.poll(() => isAlive(transport.pid), { timeout: 5000 }).toBe(false)
  })

  it('says in one line on stderr what is wrong with its folder, and nothing on stdout', async () => {
    const child = spawn(process.execPath, [STDIO], { env: { ...process.env, PLUMBLINE_ENGINE_DATA_DIR: '/nowhere' } })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect([code, out]).toEqual([1, ''])
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).toContain('dataDir')
  })
})

function isAlive(pid: number | null): boolean {
  if (pid === null) return false
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('the engine over streamable HTTP [mcp.server]', () => {
  let connection: Connection
  let http: Server
  let url: URL
  beforeAll(async () => {
    connection = await connect(engineServer as unknown as ServerDefinition, {}, testGovernance())
    const handle = createHttpHandler(connection, {
      principal: { id: 'test', name: 'Test', roles: ['owner'], attributes: {} },
      token: 'right-token',
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
  const open = async (headers: Record<string, string> = { authorization: 'Bearer right-token' }) => {
    const mcp = client()
    await mcp.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }) as Transport)
    return mcp
  }

  it('serves many clients at once', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => open()))
    const results = await Promise.all(clients.map((mcp) => mcp.callTool(COUNT)))
    for (const result of results) expect(result.structuredContent).toMatchObject({ rows: [[16]] })
    await Promise.all(clients.map((mcp) => mcp.close()))
  })

  it.each([
    ['no token', {}, 401],
    ['a wrong token', { authorization: 'Bearer wrong-token' }, 401],
    ['a page of another origin', { authorization: 'Bearer right-token', origin: 'http://evil.example' }, 403],
  ])('refuses %s', async (_, headers, status) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    })
    expect(response.status).toBe(status)
  })

  it('refuses another host name: DNS rebinding', async () => {
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method: 'POST', headers: { host: 'rebound.example', authorization: 'Bearer right-token' } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      sent.once('error', reject)
      sent.end('{}')
    })
    expect(status).toBe(403)
  })
})
