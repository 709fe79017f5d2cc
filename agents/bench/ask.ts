import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { demoDataDir } from '@plumbline/mcp-engine'
import { Answer } from '@plumbline/tools/contract'
import { loadConfig } from '../src/config.ts'
import { readApiToken } from '../src/gateway/local-files.ts'
import { startServer } from '../src/gateway/server.ts'

// POST /api/ask without a model, one question after another as a person asks, beside raw DuckDB running the SQL of the same
// answers in this process: the difference is what the planner, the gate, the state and HTTP cost.
const QUESTIONS = [
  'How many flights left JFK in July 2013?',
  'Which airline had the worst average departure delay?',
  'average arrival delay by month for United',
  'top 5 destinations from Newark by number of flights',
  'share of cancelled flights per origin',
  'how does wind speed relate to departure delay at LGA?',
]
const ROUNDS = 20

const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0
const ms = (value: number) => `${value.toFixed(1)} ms`

const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-bench-'))
const config = loadConfig({
  PLUMBLINE_DATA_DIR: dataDir,
  PLUMBLINE_PORT: '0',
  PLUMBLINE_MODEL: 'none',
  PLUMBLINE_RATE_LIMIT: '0',
})
const server = await startServer(config)
const token = readApiToken(dataDir)

async function ask(question: string): Promise<Answer> {
  const response = await fetch(`${server.url}/api/ask`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ question }),
  })
  const answer = Answer.parse(await response.json())
  if (answer.status !== 'answered') throw new Error(`${question}: ${answer.text}`)
  return answer
}

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
for (const table of ['airlines', 'airports', 'flights', 'planes', 'weather']) {
  await connection.run(`CREATE TABLE ${table} AS SELECT * FROM '${join(demoDataDir, `${table}.parquet`)}'`)
}

const sql = new Map<string, string>()
for (const question of QUESTIONS) sql.set(question, (await ask(question)).sql ?? '')
const asked: number[] = []
const raw: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  for (const question of QUESTIONS) {
    let startedAt = performance.now()
    await ask(question)
    asked.push(performance.now() - startedAt)
    startedAt = performance.now()
    await connection.runAndReadAll(sql.get(question) ?? '')
    raw.push(performance.now() - startedAt)
  }
}
console.log(`| ${asked.length} questions, one at a time | p50 | p95 | ratio p50 |`)
console.log('|-|-|-|-|')
console.log(
  `| POST /api/ask, no model | ${ms(quantile(asked, 0.5))} | ${ms(quantile(asked, 0.95))} | ${(quantile(asked, 0.5) / quantile(raw, 0.5)).toFixed(1)} |`,
)
console.log(`| raw DuckDB, the same SQL | ${ms(quantile(raw, 0.5))} | ${ms(quantile(raw, 0.95))} | 1 |`)

connection.closeSync()
await server.close()
await rm(dataDir, { recursive: true, force: true })
process.exit()
