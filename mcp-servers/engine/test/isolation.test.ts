import { readdirSync, readFileSync } from 'node:fs'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { type Connection, connect, connectInMemory, ERROR_META, type ServerDefinition } from '@plumbline/mcp-kit'
import { type TestGovernance, testGovernance } from '@plumbline/mcp-kit/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineServer } from '../src/index.ts'

/** DuckDB's recursion over a pattern as long as its text overflows the stack. */
const CRASHES = "SELECT count(*) AS n FROM airlines WHERE repeat('a', 1000000) LIKE repeat('%a', 1000000) || name"
/** It hears no interrupt. */
const STUCK = "SELECT levenshtein(string_agg('ab', ''), string_agg('ba', '')) AS d FROM range(60000)"

let governance: TestGovernance
let connection: Connection
let client: Client
beforeAll(async () => {
  governance = testGovernance()
  connection = await connect(engineServer as unknown as ServerDefinition, {}, governance)
  client = await connectInMemory(connection, { id: 'test', name: 'Test', roles: ['owner'], attributes: {} })
})
afterAll(async () => {
  await client.close()
  await connection.close()
})

const run = async (sql: string, timeoutMs = 30_000) => {
  const result = await client.callTool({ name: 'run_query', arguments: { sql, timeoutMs } })
  const error = result._meta?.[ERROR_META] as { code: string; message: string } | undefined
  return { error, rows: (result.structuredContent as { rows?: unknown[][] } | undefined)?.rows }
}

/** Processes of the engine that this process has started. */
function engines(): number {
  const threads = readdirSync('/proc/self/task')
  const children = threads.flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' '))
  const programs = children.filter(Boolean).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  return programs.filter((program) => program.includes('engine-process')).length
}

describe('a query that breaks DuckDB [engine.isolated]', () => {
  it('ends the process of the engine and nothing else, is recorded, and the next query is answered', async () => {
    expect((await run('SELECT count(*) FROM airlines')).rows).toEqual([[16]])
    const before = governance.entries.length
    expect((await run(CRASHES)).error).toMatchObject({
      code: 'QUERY_FAILED',
      message: expect.stringContaining('broke off'),
    })
    expect(governance.entries.slice(before)).toMatchObject([{ sqlAsked: CRASHES, outcome: 'failed' }])
    expect((await run('SELECT count(*) FROM airlines')).rows).toEqual([[16]])
    expect(engines()).toBe(1)
  })

  it('gives its place back though it hears no interrupt [mcp.cancel]', async () => {
    expect((await run(STUCK, 200)).error?.code).toBe('QUERY_TIMEOUT')
    expect(connection.running()).toBe(0)
    expect((await run('SELECT count(*) FROM airlines')).rows).toEqual([[16]])
  })
})
