import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startAnthropicServer } from '../src/models/test-servers/anthropic.ts'
import { startOpenAiServer } from '../src/models/test-servers/openai.ts'
import { reply } from '../src/models/test-servers/script.ts'
import type { ScriptedServer } from '../src/models/test-servers/scripted-server.ts'
import { openTestAssistant, type TestAssistant } from './open-test-assistant.ts'

const PEOPLE = [
  ['Anna Müller', 'anna.mueller@example.com'],
  ["Sinéad O'Connor", 'sinead@example.org'],
  ['Łukasz Żółć', 'lukasz.zolc@example.net'],
  ['Jean-Luc Picard', 'jlp@enterprise.example'],
  ['José Núñez', 'jose.nunez@example.com'],
] as const
const POLICIES = `
version: 1
private:
  - { table: customers, columns: [full_name, email] }
`
/** Questions that the planner leaves to the model. */
const hard = (name: string) =>
  `for each product that ${name} ordered at least twice, what share of the orders was theirs?`
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

let folder: string
let server: ScriptedServer
let test: TestAssistant
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-private-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = PEOPLE.map(([name, email], i) => `(${i}, ${quoted(name)}, ${quoted(email)}, ${30 + i})`).join(', ')
  await connection.run(`CREATE TABLE customers AS SELECT * FROM (VALUES ${rows}) AS v(id, full_name, email, age)`)
  await connection.run(
    `CREATE TABLE orders AS SELECT i AS id, i % ${PEOPLE.length} AS customer_id, ['tea', 'coffee', 'cake'][i % 3 + 1] AS product, i * 1.5 AS amount FROM range(60) AS t(i)`,
  )
  for (const table of ['customers', 'orders']) {
    await connection.run(`COPY ${table} TO '${join(folder, `${table}.parquet`)}' (FORMAT parquet)`)
  }
  connection.closeSync()
  instance.closeSync()
  await writeFile(join(folder, 'policies.yaml'), POLICIES)
  process.env.PLUMBLINE_ENGINE_DATA_DIR = folder
  server = await startAnthropicServer()
  test = await openTestAssistant({
    PLUMBLINE_MODEL: 'anthropic:test-model',
    ANTHROPIC_API_KEY: 'opaque0123456789',
    ANTHROPIC_BASE_URL: server.url,
    PLUMBLINE_MODEL_ATTEMPTS: '1',
    PLUMBLINE_POLICIES_FILE: join(folder, 'policies.yaml'),
  })
})
afterAll(async () => {
  delete process.env.PLUMBLINE_ENGINE_DATA_DIR
  await test?.[Symbol.asyncDispose]()
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})
let seen = 0
afterEach(() => {
  seen = server.requests.length
})

/** The bodies of the requests of this test. */
const sent = () => server.requests.slice(seen).map(({ body }) => JSON.stringify(body))
/** The tokens that a request holds, in their order. */
const tokens = (body: string) => [...new Set(body.match(/⟦\w+⟧/g) ?? [])]
const plain = (text: string) =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

function expectNoLeak(bodies: readonly string[]): void {
  expect(bodies.length).toBeGreaterThan(0)
  for (const body of bodies) {
    for (const value of PEOPLE.flat()) expect(plain(body), value).not.toContain(plain(value))
  }
}

/** A model that knows nothing but what it is sent: it takes the first token of the question for the name. */
function modelThatAsks(sqlOf: (token: string) => string, textOf: (tokens: string[]) => string): void {
  server.onRequest(({ body }) => {
    const text = JSON.stringify(body)
    const found = tokens(text)
    const explains = text.includes('What was computed:')
    server.play(
      explains
        ? reply(textOf(found))
        : reply(
            JSON.stringify({
              answer: {
                kind: 'sql',
                sql: sqlOf(found[0] ?? 'nobody'),
                reading: `what ${found[0]} ordered`,
                assumptions: [],
              },
            }),
          ),
    )
  })
}

describe('private values and a model', () => {
  it('answers what Anna Müller ordered, and no model hears of her [private.tokens]', async () => {
    modelThatAsks(
      (token) =>
        `SELECT c.full_name, o.product, count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.full_name = '${token}' GROUP BY ALL ORDER BY o.product`,
      ([token]) => `${token} ordered each product **4** times.`,
    )
    const answer = await test.ask(hard('anna  müller'))
    expect(answer.status, answer.text).toBe('answered')
    expect(answer.rows).toEqual(['cake', 'coffee', 'tea'].map((product) => ['Anna Müller', product, 4]))
    expect(answer.sql).toContain("'Anna Müller'")
    expect(answer.text).toBe('Anna Müller ordered each product **4** times.')
    expect(answer.receipt?.origin).toMatchObject({ kind: 'model', reading: 'what Anna Müller ordered' })
    expect(sent()).toHaveLength(2)
    expectNoLeak(sent())
    const [draft = '', explain = ''] = sent()
    expect(draft).toContain('a value of customers.full_name')
    // The columns are known by name, so that they can be asked for.
    expect(draft).toContain('full_name')
    expect(tokens(explain)).toEqual(tokens(draft))
  })

  it('sends none in rows, in history, in what the database said, nor in the schema [private.tokens]', async () => {
    let tries = 0
    modelThatAsks(
      (token) =>
        tries++ === 0
          ? `SELECT full_name, CAST(full_name AS INTEGER) AS n FROM customers WHERE full_name = '${token}'`
          : 'SELECT c.full_name, c.email, count(*) AS n FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY ALL ORDER BY 1',
      (found) => `There are **12** orders of ${found[1]}.`,
    )
    const first = await test.ask(hard("Sinéad O'Connor"))
    expect(first.status, first.text).toBe('answered')
    expect(first.rows).toHaveLength(PEOPLE.length)
    const next = await test.ask({ question: hard('JEAN LUC PICARD'), threadId: first.threadId })
    expect(next.status, next.text).toBe('answered')
    expect(sent().length).toBeGreaterThanOrEqual(5)
    expect(sent().some((body) => body.includes('The database said'))).toBe(true)
    expect(sent().some((body) => body.includes('Earlier in this thread'))).toBe(true)
    expectNoLeak(sent())
  })

  it('are in no byte that either vendor gets, however they are written [private.tokens]', async () => {
    const openai = await startOpenAiServer()
    const other = await openTestAssistant({
      PLUMBLINE_MODEL: 'openai:test-model',
      OPENAI_API_KEY: 'opaque0123456789',
      OPENAI_BASE_URL: openai.url,
      PLUMBLINE_MODEL_ATTEMPTS: '1',
      PLUMBLINE_POLICIES_FILE: join(folder, 'policies.yaml'),
    })
    const refusal = reply(JSON.stringify({ answer: { kind: 'refuse', reason: 'no' } }))
    server.onRequest(() => server.play(refusal))
    openai.onRequest(() => openai.play(refusal))
    const way = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => text.normalize('NFD'),
      (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
      (text: string) => text.replace(' ', '   '),
      (text: string) => `the ${text}s’`,
      (text: string) => `(${text})`,
    )
    try {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...PEOPLE.flat()), way, async (value, change) => {
          await test.ask(hard(change(value)))
          await other.ask(hard(change(value)))
        }),
        { numRuns: 12 },
      )
      expectNoLeak(sent())
      expectNoLeak(openai.requests.map(({ body }) => JSON.stringify(body)))
    } finally {
      await other[Symbol.asyncDispose]()
      await openai.close()
    }
  })

  it('fails closed when the model puts one where no value can stand [private.tokens]', async () => {
    modelThatAsks(
      (token) => `SELECT id AS "${token}" FROM customers`,
      () => 'no',
    )
    const answer = await test.ask(hard('José Núñez'))
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'MODEL_OUTPUT_INVALID' } })
    expect(answer.text).not.toContain('José')
    expectNoLeak(sent())
  })
})
