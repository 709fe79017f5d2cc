import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { connect, connectInMemory, type Governance, type ServerDefinition } from '@plumbline/mcp-kit'
import { openAuditFile } from '@plumbline/tools/audit'
import type { NewAuditEntry } from '@plumbline/tools/contract'
import { parsePolicies } from '@plumbline/tools/governance'
import { assertParsersAgree, createGate } from '@plumbline/tools/sql'
import { demoDataDir, engineServer } from '../src/index.ts'
import { openMotherduck } from './peers/motherduck.ts'
import { measure, row } from './peers/percentiles.ts'

// What the gate adds to a query: parse, prove, row filter and mask written in, print, the second parser, the audit log on disk.
// Beside it the same queries in raw DuckDB, the whole call of run_query, and a call of mcp-server-motherduck over stdio. Every
// query is another text, so that nothing is answered from a cache of texts.
const ROUNDS = 60
const LIMIT_MS = 5
const QUERIES: readonly ((n: number) => string)[] = [
  (n) =>
    `SELECT carrier, avg(dep_delay) AS delay FROM flights WHERE distance > ${n} GROUP BY carrier ORDER BY delay DESC`,
  (n) => `SELECT origin, dest, count(*) AS n FROM flights WHERE air_time <> ${n} GROUP BY ALL ORDER BY n DESC LIMIT 10`,
  (n) =>
    `SELECT a.name, count(*) FILTER (WHERE f.dep_delay > ${n % 60}) AS late FROM flights f JOIN airlines a USING (carrier) GROUP BY a.name`,
  (n) =>
    `WITH d AS (SELECT month, day, count(*) AS n FROM flights WHERE flight <> ${n} GROUP BY ALL) SELECT month, max(n) FROM d GROUP BY month`,
  (n) =>
    `SELECT tailnum, count(*) AS n FROM flights WHERE distance < ${4000 + n} GROUP BY tailnum ORDER BY n DESC LIMIT 5`,
  (n) =>
    `SELECT * FROM (SELECT carrier, flight, rank() OVER (PARTITION BY carrier ORDER BY dep_delay DESC) AS r FROM flights WHERE month = 1 + ${n} % 12) WHERE r <= 3`,
]
const POLICIES = `
version: 1
roles: [{ name: analyst }]
grants: [{ id: all, roles: [analyst], tables: ['*'] }]
rowFilters: [{ id: own-airport, roles: [analyst], table: flights, filter: 'origin = :principal.airport' }]
masks: [{ id: tails, roles: [analyst], table: flights, columns: [tailnum], mask: { kind: hash } }]
`
const SALT = 'salt-of-the-benchmark'
const principal = { id: 'bench', name: 'Bench', roles: ['analyst'], attributes: { airport: 'JFK' } }

const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-'))
const audit = await openAuditFile(join(folder, 'audit.jsonl'))
const policies = parsePolicies(POLICIES)
const governance: Governance = { policies: async () => policies, audit, hashSalt: async () => SALT }

const instance = await DuckDBInstance.create(join(folder, 'flights.duckdb'))
const raw = await instance.connect()
for (const table of ['flights', 'airlines']) {
  await raw.run(`CREATE TABLE ${table} AS SELECT * FROM '${join(demoDataDir, `${table}.parquet`)}'`)
}
await raw.run('CHECKPOINT')

/** The engine, with the time of each query noted. */
let inSystem = 0
const definition = {
  ...engineServer,
  connect: async (config: Parameters<typeof engineServer.connect>[0]) => {
    const { warehouse } = await engineServer.connect(config)
    const run: typeof warehouse.run = async (...args) => {
      const startedAt = performance.now()
      try {
        return await warehouse.run(...args)
      } finally {
        inSystem += performance.now() - startedAt
      }
    }
    return { warehouse: { ...warehouse, run } }
  },
}
const connection = await connect(definition as unknown as ServerDefinition, {}, governance)
const client = await connectInMemory(connection, principal)
const tables = await connection.capabilities.warehouse.list()
const gate = createGate({
  dialect: 'duckdb',
  principal,
  hashSalt: SALT,
  tables: tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      ...(column.name === 'tailnum' && name === 'flights' ? { mask: { kind: 'hash' as const } } : {}),
    })),
    filters: name === 'flights' ? [{ id: 'own-airport', sql: 'origin = :principal.airport' }] : [],
  })),
})

/** An entry as the kit writes it. */
const entry = (sqlAsked: string, sqlRun: string): NewAuditEntry => ({
  principal: { id: principal.id, name: principal.name, roles: principal.roles },
  surface: 'mcp',
  action: 'query',
  question: null,
  source: 'engine',
  sqlAsked,
  sqlRun,
  policies: ['own-airport'],
  tables: [],
  rowsOut: 1,
  cost: { usd: 0, inputTokens: 0, outputTokens: 0, estimate: null },
  outcome: 'ok',
  ms: 1,
  error: null,
  answerId: null,
  requestId: null,
})

let text = 0
const next = () => (QUERIES[text % QUERIES.length] as (typeof QUERIES)[0])(++text)
const times = {
  raw: [] as number[],
  check: [] as number[],
  agree: [] as number[],
  audit: [] as number[],
  adds: [] as number[],
}
const calls = { whole: [] as number[], around: [] as number[] }

async function sample(keep: boolean): Promise<void> {
  const asked = next()
  const query = { value: gate.check(asked, 1000) }
  const check = await measure(async () => {
    query.value = gate.check(next(), 1000)
  })
  const agree = await measure(() => assertParsersAgree(query.value))
  const record = await measure(() => audit.record(entry(query.value.asked, query.value.sql)))
  const alone = await measure(() => raw.runAndReadAll(asked))
  inSystem = 0
  const sql = next()
  const whole = await measure(async () => {
    const result = await client.callTool({ name: 'run_query', arguments: { sql } })
    if (result.isError) throw new Error(JSON.stringify(result.content))
  })
  if (!keep) return
  times.check.push(check)
  times.agree.push(agree)
  times.audit.push(record)
  times.adds.push(check + agree + record)
  times.raw.push(alone)
  calls.whole.push(whole)
  calls.around.push(whole - inSystem)
}

for (let i = 0; i < 2 * QUERIES.length; i++) await sample(false)
for (let i = 0; i < ROUNDS * QUERIES.length; i++) await sample(true)

console.log(
  `${QUERIES.length} queries, ${ROUNDS} times each, every text another one; a row filter and a hash mask hold\n`,
)
console.log('| | p50 | p95 |\n|-|-|-|')
console.log(row('raw DuckDB, the query alone', times.raw))
console.log(row('gate: parse, prove, rules, print', times.check))
console.log(row('gate: the second parser, on what was asked and what runs', times.agree))
console.log(row('gate: the audit log, on disk before rows are given out', times.audit))
console.log(row('**the gate in all**', times.adds))
console.log(row('run_query in memory, the whole call', calls.whole))
console.log(row('run_query in memory, without the time in DuckDB', calls.around))

raw.closeSync()
instance.closeSync()
const peer = await openMotherduck(join(folder, 'flights.duckdb'))
if (typeof peer === 'string') console.log(`\nmcp-server-motherduck was not measured: ${peer}`)
else {
  const over: number[] = []
  for (let i = 0; i < 2 * QUERIES.length; i++) await peer.query(next())
  for (let i = 0; i < (ROUNDS / 4) * QUERIES.length; i++) over.push(await measure(() => peer.query(next())))
  console.log(row(`mcp-server-motherduck ${peer.version} over stdio, the whole call, no gate`, over))
  await peer.close()
}

const sorted = times.adds.sort((a, b) => a - b)
const reached = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0
console.log(`\np95 of the gate ${reached < LIMIT_MS ? 'is' : 'IS NOT'} under ${LIMIT_MS} ms.`)
await client.close()
await audit.close()
await rm(folder, { recursive: true, force: true })
process.exit()
