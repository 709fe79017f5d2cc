import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { connect, connectInMemory, createHttpHandler, type ServerDefinition } from '@plumbline/mcp-kit'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { demoDataDir, engineServer } from '../src/index.ts'

// The MCP tool run_query with its gate, in memory and over streamable HTTP with 10 and 50 clients, beside raw DuckDB on one
// connection with the same SQL in the same process and run.
const SQL = 'SELECT carrier, avg(dep_delay) AS delay FROM flights GROUP BY carrier'
const SECONDS = 5
const principal = { id: 'bench', name: 'Bench', roles: ['owner'], attributes: {} }
type Transport = Parameters<Client['connect']>[0]

interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
}

/** Closed loop: each worker sends its next request when the last one is answered. */
async function load(workers: readonly (() => Promise<unknown>)[]): Promise<Load> {
  const times: number[] = []
  const until = performance.now() + SECONDS * 1000
  const startedAt = performance.now()
  await Promise.all(
    workers.map(async (work) => {
      while (performance.now() < until) {
        const sentAt = performance.now()
        await work()
        times.push(performance.now() - sentAt)
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  times.sort((a, b) => a - b)
  const at = (q: number) => times[Math.ceil(q * times.length) - 1] ?? 0
  return { perSecond: times.length / seconds, p50: at(0.5), p95: at(0.95) }
}

const instance = await DuckDBInstance.create(':memory:')
const raw = await instance.connect()
await raw.run(`CREATE TABLE flights AS SELECT * FROM '${join(demoDataDir, 'flights.parquet')}'`)

const connection = await connect(engineServer as unknown as ServerDefinition, {}, testGovernance())
const near = await connectInMemory(connection, principal)
const handle = createHttpHandler(connection, { principal })
const http = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1')
await new Promise((resolve) => http.once('listening', resolve))
const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`)
const call = (client: Client) => async () => {
  const result = await client.callTool({ name: 'run_query', arguments: { sql: SQL } })
  if (result.isError) throw new Error(JSON.stringify(result.content))
}
const clients = await Promise.all(
  Array.from({ length: 50 }, async () => {
    const client = new Client({ name: 'bench', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(url) as Transport)
    return client
  }),
)

const rows: [string, Load][] = [
  ['raw DuckDB, one connection', await load([() => raw.runAndReadAll(SQL)])],
  ['run_query in memory, 1 client', await load([call(near)])],
  ['run_query over HTTP, 1 client', await load(clients.slice(0, 1).map(call))],
  ['run_query over HTTP, 10 clients', await load(clients.slice(0, 10).map(call))],
  ['run_query over HTTP, 50 clients', await load(clients.map(call))],
]
const base = rows[0]?.[1].perSecond ?? 1
console.log(`\`${SQL}\`, ${SECONDS} s each\n`)
console.log('| | req/s | of raw | p50 | p95 |\n|-|-|-|-|-|')
for (const [title, { perSecond, p50, p95 }] of rows) {
  console.log(
    `| ${title} | ${perSecond.toFixed(0)} | ${(perSecond / base).toFixed(2)} | ${p50.toFixed(1)} ms | ${p95.toFixed(1)} ms |`,
  )
}
process.exit()
