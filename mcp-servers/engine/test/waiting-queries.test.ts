import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { type Connection, connect, connectInMemory, type ServerDefinition } from '@plumbline/mcp-kit'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineServer } from '../src/index.ts'

const SLOW =
  'SELECT count(*) AS n FROM flights a, flights b, flights c WHERE a.dep_delay + b.dep_delay > c.dep_delay + c.distance'

let connection: Connection
let client: Client
beforeAll(async () => {
  connection = await connect(engineServer as unknown as ServerDefinition, {}, testGovernance())
  client = await connectInMemory(connection, { id: 'test', name: 'Test', roles: ['owner'], attributes: {} })
})
afterAll(async () => {
  await client.close()
  await connection.close()
})

const run = (args: { sql: string; timeoutMs?: number }, signal?: AbortSignal) =>
  client.callTool({ name: 'run_query', arguments: args }, undefined, signal ? { signal } : {})

describe('a query that waits for its turn', () => {
  it('ends at its timeout, long before its turn [mcp.cancel]', async () => {
    await run({ sql: 'SELECT 1 AS one' }) // the period of the data is known from here on
    const hold = new AbortController()
    const holding = Array.from({ length: connection.limits.concurrentQueries }, () =>
      run({ sql: SLOW }, hold.signal).catch(() => undefined),
    )
    await expect.poll(() => connection.running(), { interval: 5 }).toBe(connection.limits.concurrentQueries)

    const startedAt = performance.now()
    const late = await run({ sql: 'SELECT count(*) AS n FROM airlines', timeoutMs: 100 })
    expect(late.content).toEqual([{ type: 'text', text: expect.stringMatching(/^QUERY_TIMEOUT: /) }])
    expect(performance.now() - startedAt).toBeLessThan(10_000)

    hold.abort()
    await Promise.all(holding)
    await expect.poll(() => connection.running(), { interval: 5, timeout: 1_000 }).toBe(0)
    expect((await run({ sql: 'SELECT count(*) AS n FROM airlines' })).structuredContent).toMatchObject({ rows: [[16]] })
  })
})
