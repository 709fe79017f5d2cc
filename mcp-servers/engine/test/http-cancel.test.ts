import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { type Connection, connect, createHttpHandler, type ServerDefinition } from '@plumbline/mcp-kit'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineServer } from '../src/index.ts'

const SLOW = {
  name: 'run_query',
  arguments: {
    sql: 'SELECT count(*) AS n FROM flights a, flights b, flights c WHERE a.dep_delay + b.dep_delay > c.dep_delay + c.distance',
  },
}
const QUICK = { name: 'run_query', arguments: { sql: 'SELECT count(*) AS n FROM airlines' } }
type Transport = Parameters<Client['connect']>[0]

let connection: Connection
let http: Server
let url: URL
beforeAll(async () => {
  connection = await connect(engineServer as unknown as ServerDefinition, {}, testGovernance())
  const handle = createHttpHandler(connection, {
    principal: { id: 'test', name: 'Test', roles: ['owner'], attributes: {} },
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
const open = async () => {
  const mcp = new Client({ name: 'test', version: '1' })
  await mcp.connect(new StreamableHTTPClientTransport(url) as Transport)
  return mcp
}
const running = (count: number) => expect.poll(() => connection.running(), { interval: 5, timeout: 1_000 }).toBe(count)

describe('a running query over HTTP', () => {
  it('stops when its client cancels, and only that client’s [mcp.cancel]', async () => {
    const [one, other] = [await open(), await open()]
    await Promise.all([one.callTool(QUICK), other.callTool(QUICK)]) // both count their requests alike
    const [stopOne, stopOther] = [new AbortController(), new AbortController()]
    const first = one.callTool(SLOW, undefined, { signal: stopOne.signal })
    const second = other.callTool(SLOW, undefined, { signal: stopOther.signal })
    await running(2)
    stopOne.abort()
    await expect(first).rejects.toThrow()
    await running(1)
    stopOther.abort()
    await expect(second).rejects.toThrow()
    await running(0)
    expect((await one.callTool(QUICK)).structuredContent).toMatchObject({ rows: [[16]] })
    await Promise.all([one.close(), other.close()])
  })

  it('stops when its connection breaks [mcp.cancel]', async () => {
    const mcp = await open()
    const call = mcp.callTool(SLOW)
    call.catch(() => undefined)
    await running(1)
    await mcp.close()
    await expect(call).rejects.toThrow()
    await running(0)
  })

  it('is nobody’s to stop who does not know its session', async () => {
    const mcp = await open()
    const stop = new AbortController()
    const call = mcp.callTool(SLOW, undefined, { signal: stop.signal })
    await running(1)
    for (const requestId of [0, 1, 2, 3]) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }),
      })
      expect(response.status).toBe(202)
    }
    expect(connection.running()).toBe(1)
    stop.abort()
    await expect(call).rejects.toThrow()
    await running(0)
    await mcp.close()
  })

  it('keeps no stream open that nothing would ever be sent on', async () => {
    const response = await fetch(url, { headers: { accept: 'text/event-stream' } })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})
