import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Answer } from '@plumbline/tools/contract'
import type { RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { localPrincipal } from '../src/assistant/local-principal.ts'
import { buildApp } from '../src/gateway/app.ts'
import { type Listening, listen } from '../src/gateway/listen.ts'
import { LoginTokens } from '../src/gateway/login-tokens.ts'
import { silent } from '../src/gateway/testing/running-gateway.ts'
import { followRules, type Rules } from '../src/governance/follow-rules.ts'
import {
  type Assistant,
  createAssistant,
  loadConfig,
  openSources,
  openState,
  type State,
  stateGovernance,
} from '../src/index.ts'
import type { Sources } from '../src/mcp/index.ts'

/** Before: Ana sees everything. After: only JFK's flights, no weather, no arrival delay, no tail numbers. */
const BEFORE = `
version: 1
roles: [{ name: station, groups: [jfk-staff], permissions: [ask, share] }]
grants: [{ id: all, roles: [station], tables: ['*'] }]
`
const AFTER = `
version: 1
roles: [{ name: station, groups: [jfk-staff], permissions: [ask, share] }]
grants:
  - { id: station-tables, roles: [station], tables: [flights, airlines], except: [arr_delay] }
rowFilters:
  - { id: own-airport, roles: [station], table: flights, filter: 'origin = :principal.airport' }
masks:
  - { id: no-tail, roles: [station], table: flights, columns: [tailnum], mask: { kind: 'null' } }
`
/** What Ana may not learn: a table, a column, values of hidden rows, masked values, counts of all rows. */
const FORBIDDEN = [
  /\bweather\b/i,
  /\bhumid\b/i,
  /arr_delay|arrival delay/i,
  /\bEWR\b|newark/i,
  /\bLGA\b|la ?guardia/i,
  /N14228|N711MQ|N\d{3}[A-Z]{2}\b/,
  /336[,.]?776|120[,.]?835|104[,.]?662/,
  /26[,.]?115\b/,
]

let dataDir: string
let state: State
let assistant: Assistant
let sources: Sources
let rules: Rules
let listening: Listening
let secret: string
const routes: { method: string; url: string }[] = []
const owners: Answer[] = []
const anas: Answer[] = []
const shared: string[] = []
const apiToken = 'api-token-of-the-test'

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-leaks-'))
  const config = loadConfig({ PLUMBLINE_DATA_DIR: dataDir, PLUMBLINE_MODEL: 'none', PLUMBLINE_LOG_LEVEL: 'silent' })
  state = await openState(config)
  assistant = await createAssistant(config, state)
  sources = await openSources(stateGovernance(state))
  rules = await followRules(state)
  const app = await buildApp(
    {
      config: { ...config, rateLimit: 0 },
      assistant,
      state,
      logger: silent,
      access: { apiToken, loginTokens: new LoginTokens() },
      identity: { rolesOf: rules.rolesOf, permissionsOf: rules.permissionsOf },
      pageDir: '/nowhere',
    },
    (route: RouteOptions) => {
      for (const method of [route.method].flat()) routes.push({ method, url: route.url })
    },
  )
  listening = await listen(app, { host: '127.0.0.1', port: 0 })

  const save = async (yaml: string, expectedVersion: number) =>
    state.policies.save({ yaml, author: localPrincipal, comment: '', expectedVersion, surface: 'rest' })
  await save(BEFORE, 0)
  await state.identity.users.save({
    id: 'ana',
    name: 'Ana',
    email: null,
    groups: ['jfk-staff'],
    attributes: { airport: 'JFK' },
  })
  const scopes = ['ask', 'query', 'read', 'audit.read', 'admin'] as const
  const made = await state.identity.apiKeys.create({
    name: 'test',
    userId: 'ana',
    scopes: [...scopes],
    expiresAt: new Date(Date.now() + 86_400_000),
  })
  secret = made.secret

  // What is kept from before the rules, by the owner and by Ana herself.
  const questions = [
    'number of flights per origin',
    'average arrival delay by month',
    'How many flights are there?',
    'delays by airport',
    'SELECT * FROM weather LIMIT 2',
    'SELECT tailnum, count(*) AS n FROM flights GROUP BY tailnum ORDER BY n DESC LIMIT 5',
  ]
  for (const question of questions) {
    owners.push(await assistant.ask({ question }, { principal: localPrincipal, surface: 'rest' }))
    const { body } = await call('POST', '/api/ask', { question })
    anas.push(body as Answer)
  }
  for (const { id, status } of owners) {
    if (status === 'answered') shared.push((await state.shares.create(id, localPrincipal)).id)
  }
  // She did see all of it then.
  expect(JSON.stringify(anas)).toMatch(/120[,.]?835/)
  await save(AFTER, 1)
}, 60_000)

afterAll(async () => {
  await listening?.close()
  rules?.close()
  await sources?.close()
  await assistant?.close()
  await state?.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${listening.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${secret}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('application/json')
  return { status: response.status, text, body: json ? (JSON.parse(text) as unknown) : null }
}

/** No forbidden thing in a text, beside what Ana wrote herself. */
function expectClean(text: string, where: string, wrote = '') {
  const own = wrote === '' ? text : text.replaceAll(JSON.stringify(wrote).slice(1, -1), '')
  const typed = FORBIDDEN.filter((pattern) => pattern.test(wrote))
  for (const pattern of FORBIDDEN.filter((one) => !typed.includes(one))) {
    const [found] = pattern.exec(own) ?? []
    expect(found, `${where}: …${own.slice(Math.max(0, own.search(pattern) - 150), own.search(pattern) + 100)}…`).toBe(
      undefined,
    )
  }
}

describe('somebody who may see little', () => {
  it('learns nothing more from any route, with ids of others and with their own from before the rules [governance.no-leak]', async () => {
    const ids = {
      answer: [...owners, ...anas].map(({ id }) => id),
      thread: [...owners, ...anas].map(({ threadId }) => threadId),
      receipt: [...owners, ...anas].flatMap(({ receipt }) => receipt?.id ?? []),
      share: shared,
    }
    const every = [...ids.answer, ...ids.thread, ...ids.receipt, ...ids.share, '1', 'ana', 'local', 'flights', 'engine']
    const walked = new Map<string, number>()
    const queries = [
      '',
      '?limit=200',
      '?q=weather&text=LGA&table=weather',
      '?source=engine&table=weather&column=humid',
      '?answer=',
    ].flatMap((query) => (query === '?answer=' ? ids.answer.map((id) => `${query}${id}`) : [query]))
    for (const { url } of routes.filter(({ method }) => method === 'GET')) {
      // The documents of the API and the page are the same for everyone; the socket has a test of its own.
      if (/^\/api\/(docs|openapi|socket)|^\/(?!api|mcp|\.well-known)|\*/.test(url)) continue
      const paths = url.includes(':') ? every.map((id) => url.replace(/:[a-zA-Z]+/, id)) : queries.map((q) => url + q)
      for (const path of paths) {
        const { text, status } = await call('GET', path)
        expect(status, path).toBeLessThan(500)
        // What Ana asked before the rules she may read again: her own words.
        const questions = [...new Set([...owners, ...anas].map(({ question }) => question))]
        let own = text
        for (const question of questions) own = own.replaceAll(JSON.stringify(question).slice(1, -1), '')
        // Titles of threads are questions, put shorter.
        own = own.replaceAll(/"title":"[^"]*"/g, '')
        expectClean(own, path, path)
        walked.set(url, status)
      }
    }
    expect(walked.size).toBeGreaterThan(15)
  }, 120_000)

  it('may use none of the routes that are for others', async () => {
    const asked: [string, string, unknown?][] = [
      ['GET', '/api/audit'],
      ['GET', '/api/audit/1'],
      ['GET', '/api/audit/export?format=jsonl'],
      ['GET', '/api/audit/verify'],
      ['GET', '/api/policies'],
      ['GET', '/api/policies/1'],
      ['PUT', '/api/policies', { yaml: BEFORE, expectedVersion: 2 }],
      ['POST', '/api/policies/restore', { version: 1, expectedVersion: 2 }],
      ['POST', '/api/policies/dry-run', { principal: localPrincipal, source: 'engine', sql: 'SELECT * FROM weather' }],
      ['GET', '/api/users'],
      ['DELETE', `/api/threads/${owners[0]?.threadId}`],
      ['PATCH', `/api/threads/${owners[0]?.threadId}`, { title: 'mine' }],
      ['POST', `/api/answers/${owners[0]?.id}/share`, undefined],
      ['DELETE', `/api/shared/${shared[0]}`],
      ['PUT', `/api/answers/${owners[0]?.id}/feedback`, { vote: 'up' }],
    ]
    for (const [method, path, body] of asked) {
      const { status, text } = await call(method, path, body)
      expect([403, 404], `${method} ${path} ${status}`).toContain(status)
      expectClean(text, path)
    }
  })

  it('reads their own old answers under the rules of now: computed again, or withheld', async () => {
    const [perOrigin, arrival, , , weather, tails] = await Promise.all(
      anas.map(async ({ id }) => (await call('GET', `/api/answers/${id}`)).body as Answer),
    )
    expect(perOrigin?.rows.map(([origin]) => origin)).toEqual(['JFK'])
    expect(perOrigin?.text).toContain('111,279')
    expect(perOrigin?.receipt?.policies).toEqual(['Some rows of flights are hidden (own-airport)'])
    for (const gone of [arrival, weather]) {
      expect(gone).toMatchObject({
        status: 'refused',
        rows: [],
        sql: null,
        receipt: null,
        error: { code: 'FORBIDDEN' },
      })
    }
    expect(tails?.rows.map(([tail]) => tail)).toEqual([null])
  })

  it('opens a shared answer as computed for them', async () => {
    for (const id of shared) {
      const { body, text } = await call('GET', `/api/shared/${id}`)
      expect((body as { recomputed: boolean }).recomputed).toBe(true)
      const { question } = (body as { answer: Answer }).answer
      expectClean(text, id, question)
    }
  })

  it.each([
    'number of flights per origin',
    'How many flights are there?',
    'average arrival delay by month',
    'how many flights left LGA?',
    'how many flights left Newark in July?',
    'what is the humidity at JFK?',
    'which plane flew most?',
    'show me all tables',
    'delays',
    'and by month?',
    'which airports are there?',
    'SELECT * FROM weather',
    'SELECT arr_delay FROM flights',
    'SELECT count(*), min(origin), max(origin) FROM flights',
    'SELECT DISTINCT tailnum FROM flights',
    'SELECT * FROM flights LIMIT 3',
    'SELECT f FROM flights f LIMIT 1',
    'SELECT COLUMNS(*) FROM flights LIMIT 1',
    'SELECT rowid, * FROM flights LIMIT 1',
    'SELECT CAST(origin AS INTEGER) FROM flights',
    'SELECT 1 FROM flights WHERE CAST(dest AS INTEGER) = 1',
    'SELECT nothing FROM flights',
    'SELECT nothing FROM flight',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM duckdb_tables()',
    'DESCRIBE flights',
    'SUMMARIZE flights',
    'EXPLAIN SELECT * FROM flights',
    "SELECT * FROM 'weather.parquet'",
    'WITH weather AS (SELECT 1 AS humid) SELECT * FROM weather',
    'SELECT max(x) FROM (SELECT origin AS x FROM flights UNION ALL SELECT name FROM airlines)',
    'WITH RECURSIVE flights AS (SELECT 1 AS x UNION ALL BY NAME SELECT * FROM flights) SELECT origin, count(*) AS n FROM flights GROUP BY origin',
    'WITH RECURSIVE weather AS (SELECT 1 AS x UNION BY NAME SELECT * FROM weather) SELECT count(*) AS n FROM weather',
    'SELECT count(*) FROM flights a JOIN flights b USING (origin) WHERE a.month = 1 AND b.month = 2 AND a.day = 1 AND b.day = 1',
  ])('asks “%s” and learns nothing that is hidden [governance.no-leak]', async (question) => {
    const { text } = await call('POST', '/api/ask', { question })
    expectClean(text, question, question)
    const stream = await call('POST', '/api/ask', { question }, { accept: 'text/event-stream' })
    expectClean(stream.text, `${question} (stream)`, question)
  })

  it('learns nothing over the socket', async () => {
    const socket = new WebSocket(`${listening.url.replace('http', 'ws')}/api/socket`, {
      headers: { authorization: `Bearer ${secret}` },
    })
    const seen: string[] = []
    const done = new Promise<void>((resolve, reject) => {
      socket.on('error', reject)
      socket.on('message', (data) => {
        seen.push(String(data))
        if (String(data).includes('answer-end')) resolve()
      })
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(JSON.stringify({ type: 'ask', id: '1', request: { question: 'number of flights per origin' } }))
    await done
    socket.close()
    expectClean(seen.join('\n'), 'socket')
  })

  it('learns nothing from the tools of the product over MCP', async () => {
    const client = new Client({ name: 'test', version: '1' })
    const transport = new StreamableHTTPClientTransport(new URL(`${listening.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${secret}` } },
    })
    await client.connect(transport as Parameters<Client['connect']>[0])
    for (const { name } of (await client.listTools()).tools) {
      for (const args of [
        {},
        { question: 'number of flights per origin' },
        ...[...owners, ...anas].flatMap(({ receipt }) => (receipt ? [{ id: receipt.id }] : [])),
      ]) {
        expectClean(JSON.stringify(await client.callTool({ name, arguments: args })), `${name} ${JSON.stringify(args)}`)
      }
    }
    await client.close()
  })

  it('learns nothing from the tools of a source', async () => {
    const ana = { id: 'ana', name: 'Ana', roles: ['station'], attributes: { airport: 'JFK' } }
    const source = sources.as({ principal: ana, surface: 'mcp' }).get('engine')
    if (!source) throw new Error('there is a source')
    expectClean(JSON.stringify(await source.describe()), 'describe_source')
    for (const column of ['origin', 'tailnum', 'dest', 'arr_delay']) {
      const values = await source.listValues({ table: 'flights', column }).catch((error: Error) => error.message)
      expectClean(JSON.stringify(values), column, column)
    }
    for (const table of ['weather', 'planes']) {
      const error = await source.listValues({ table, column: 'origin' }).catch((thrown: Error) => thrown.message)
      expectClean(JSON.stringify(error), table, table)
    }
    expectClean(JSON.stringify(await source.explainQuery({ sql: 'SELECT * FROM flights' })), 'explain')
  })

  it.each([
    'DROP TABLE flights',
    'DELETE FROM flights',
    "SELECT * FROM read_csv('/etc/passwd')",
    'WITH x AS (DELETE FROM flights RETURNING *) SELECT * FROM x',
  ])('is in the audit log with “%s”, which is refused [audit.refusals]', async (question) => {
    const { body } = await call('POST', '/api/ask', { question })
    expect((body as Answer).status).toBe('refused')
    const { entries } = await state.audit.search({ principal: 'ana', outcome: 'refused' }, { limit: 1 })
    expect(entries[0]?.sqlAsked).toBe(question)
  })

  it('is in the audit log with all of it, refusals too', async () => {
    const { entries } = await state.audit.search({ principal: 'ana', outcome: 'refused' }, { limit: 200 })
    expect(entries.length).toBeGreaterThan(5)
    expect((await state.audit.verify()).ok).toBe(true)
  })
})
