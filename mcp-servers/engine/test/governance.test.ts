import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import {
  CALLER_META,
  type Caller,
  type Connection,
  connect,
  connectInMemory,
  ERROR_META,
  type ServerDefinition,
} from '@plumbline/mcp-kit'
import { type TestGovernance, testGovernance } from '@plumbline/mcp-kit/conformance'
import { type CatalogSource, type Principal, QueryResult, ValueList } from '@plumbline/tools/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engineServer } from '../src/index.ts'

const POLICIES = `
version: 1
roles: [{ name: station }, { name: counter }, { name: nobody }]
grants:
  - { id: station-tables, roles: [station], source: engine, tables: [flights, airlines, planes], except: [arr_delay] }
  - { id: counter-airlines, roles: [counter], source: engine, tables: [airlines] }
rowFilters:
  - { id: own-airport, description: Only flights of your airport, roles: [station], table: flights, filter: 'origin = :principal.airport' }
masks:
  - { id: no-tail, roles: [station], table: flights, columns: [tailnum], mask: { kind: hash } }
  - { id: short-dest, roles: [station], table: flights, columns: [dest], mask: { kind: partial, keepFirst: 1 } }
`
const person = (roles: string[], airport?: string): Principal => ({
  id: `${roles[0]}-${airport ?? 'none'}`,
  name: 'Test',
  roles,
  attributes: airport === undefined ? {} : { airport },
})
const jfk = person(['station'], 'JFK')

let governance: TestGovernance
let connection: Connection
let client: Client

beforeAll(async () => {
  governance = testGovernance(POLICIES)
  connection = await connect(engineServer as unknown as ServerDefinition, {}, governance)
  client = await connectInMemory(connection)
})
beforeEach(() => {
  governance.entries.length = 0
})
afterAll(async () => {
  await client.close()
  await connection.close()
})

async function call(principal: Principal, name: string, args: Record<string, unknown> = {}) {
  const caller: Caller = { principal, surface: 'rest', question: 'why?', answerId: 'a-1' }
  const result = await client.callTool({ name, arguments: args, _meta: { [CALLER_META]: caller } })
  const error = result._meta?.[ERROR_META] as { code: string; message: string } | undefined
  return { error, content: result.structuredContent as Record<string, unknown>, text: JSON.stringify(result) }
}
const run = async (principal: Principal, sql: string) => {
  const { error, content } = await call(principal, 'run_query', { sql })
  if (error) throw new Error(`${error.code}: ${error.message}`)
  return QueryResult.parse(content)
}

describe('the rules in the server', () => {
  it('leaves each person their rows, wherever the table stands [governance.row-filters]', async () => {
    const all = (await run(person(['owner']), "SELECT count(*) FROM flights WHERE origin = 'JFK'")).rows
    for (const sql of [
      'SELECT count(*) FROM flights',
      'SELECT (SELECT count(*) FROM flights)',
      'WITH f AS (SELECT * FROM flights) SELECT count(*) FROM f',
      'SELECT count(*) FROM (SELECT origin FROM flights UNION ALL SELECT carrier FROM airlines WHERE false)',
    ]) {
      expect((await run(jfk, sql)).rows, sql).toEqual(all)
    }
    expect((await run(person(['station'], 'LGA'), 'SELECT DISTINCT origin FROM flights')).rows).toEqual([['LGA']])
    // Without the attribute that the filter reads there are no rows, not all of them.
    expect((await run(person(['station']), 'SELECT count(*) FROM flights')).rows).toEqual([[0]])
  })

  it('masks values in every use of a column, and says so in the receipt [governance.masks]', async () => {
    const result = await run(jfk, 'SELECT tailnum, upper(dest) AS dest FROM flights LIMIT 5')
    expect(result.rows.every(([tail]) => /^[0-9a-f]{64}$/.test(String(tail)))).toBe(true)
    expect(result.rows.every(([, dest]) => /^[A-Z]\*+$/.test(String(dest)))).toBe(true)
    expect((await run(jfk, "SELECT count(*) FROM flights WHERE tailnum = 'N14228'")).rows).toEqual([[0]])
    expect(result.policies).toEqual([
      'Only flights of your airport (own-airport)',
      'flights.tailnum is shown as a hash (no-tail)',
      'flights.dest is shown in part (short-dest)',
    ])
    // What is shown is what was asked: neither filters nor the salt of the hashes.
    expect(result.sql).not.toContain('salt-of-the-tests')
    expect(result.sql).not.toContain('JFK')
  })

  it('treats what one may not see as what does not exist [governance.grants]', async () => {
    const errors = await Promise.all(
      [
        ['weather', 'TABLE_UNKNOWN'],
        ['nowhere', 'TABLE_UNKNOWN'],
      ].map(async ([table, code]) => {
        const { error } = await call(jfk, 'run_query', { sql: `SELECT * FROM ${table}` })
        expect(error?.code).toBe(code)
        return error?.message.replaceAll(table ?? '', 'x')
      }),
    )
    expect(errors[0]).toBe(errors[1])
    expect((await call(jfk, 'run_query', { sql: 'SELECT arr_delay FROM flights' })).error?.code).toBe('COLUMN_UNKNOWN')
    expect((await run(jfk, 'SELECT * FROM flights LIMIT 1')).columns.map(({ name }) => name)).not.toContain('arr_delay')
    for (const name of ['describe_table', 'list_values']) {
      const { error } = await call(jfk, name, { table: 'weather', column: 'origin' })
      expect(error?.code).toBe('TABLE_UNKNOWN')
      expect(error?.message).not.toContain('airports')
    }
    expect((await call(person(['nobody']), 'list_tables')).content).toEqual({ tables: [], total: 0 })
  })

  it('describes the source without what is hidden [governance.catalog]', async () => {
    const { content, text } = await call(jfk, 'describe_source')
    const source = content.source as CatalogSource
    expect(source.tables.map(({ name }) => name)).toEqual(['airlines', 'flights', 'planes'])
    expect(source.tables.find(({ name }) => name === 'flights')).not.toHaveProperty('rowCount')
    expect(source.tables.find(({ name }) => name === 'planes')?.rowCount).toBe(3322)
    const flights = source.tables.find(({ name }) => name === 'flights')
    expect(flights?.columns.filter(({ masked }) => masked).map(({ name }) => name)).toEqual(['tailnum', 'dest'])
    for (const hidden of ['weather', 'arr_delay', '336,776', 'EWR', 'LaGuardia', 'N14228', 'humid']) {
      expect(text, hidden).not.toContain(hidden)
    }
    expect(source.suggestions.length).toBeGreaterThan(2)
  })

  it('lists the values and their counts of the rows one may see', async () => {
    const values = async (column: string) =>
      ValueList.parse((await call(jfk, 'list_values', { table: 'flights', column })).content).values
    expect((await values('origin')).map(({ value }) => value)).toEqual(['JFK'])
    expect((await values('dest')).every(({ value }) => /^.\*+$/.test(String(value)))).toBe(true)
    const { rows } = await run(person(['owner']), "SELECT count(*) FROM flights WHERE origin = 'JFK'")
    expect((await values('origin')).map(({ count }) => [count])).toEqual(rows)
  })

  it('shows no plan of a query that rules apply to: it would tell them, and how many rows there are', async () => {
    const sql = 'SELECT count(*) FROM flights'
    expect((await call(jfk, 'explain_query', { sql })).text).not.toMatch(/336776|JFK|origin/)
    expect((await call(person(['owner']), 'explain_query', { sql })).text).toContain('336')
  })

  it('tells nothing of hidden rows by errors [governance.error-oracle]', async () => {
    const guess = (value: string) =>
      `SELECT count(*) FROM flights WHERE CAST(origin AS INTEGER) = 1 OR origin = '${value}'`
    const error = (await call(person(['station'], 'JFK'), 'run_query', { sql: guess('LGA') })).error
    expect(error?.message).not.toMatch(/EWR|LGA/)
    const none = person(['station'], 'nowhere')
    expect((await run(none, 'SELECT count(CAST(origin AS INTEGER)) FROM flights')).rows).toEqual([[0]])
    expect((await run(none, 'SELECT count(*) FROM flights WHERE CAST(carrier AS INTEGER) > 0')).rows).toEqual([[0]])
  })

  it('records each statement with who asked, what ran and which rules were applied [audit.refusals]', async () => {
    await run(jfk, 'SELECT tailnum FROM flights LIMIT 3')
    await call(jfk, 'run_query', { sql: 'DROP TABLE flights' })
    const [ok, refused] = governance.entries.filter(({ surface }) => surface === 'rest')
    expect(ok).toMatchObject({
      principal: { id: 'station-JFK', roles: ['station'] },
      action: 'query',
      outcome: 'ok',
      question: 'why?',
      answerId: 'a-1',
      source: 'engine',
      sqlAsked: 'SELECT tailnum FROM flights LIMIT 3',
      policies: ['own-airport', 'no-tail'],
      tables: [{ name: 'flights', columns: ['tailnum'] }],
      rowsOut: 3,
      error: null,
    })
    expect(ok?.sqlRun).toMatch(/origin"? = 'JFK'/)
    expect(ok?.sqlRun).toContain('<salt>')
    expect(JSON.stringify(governance.entries)).not.toContain('salt-of-the-tests')
    expect(refused).toMatchObject({ outcome: 'refused', sqlAsked: 'DROP TABLE flights', sqlRun: null, rowsOut: null })
    expect(refused?.error?.code).toBe('QUERY_NOT_READ_ONLY')
  })

  it('gives nothing out that was not recorded [audit.durable]', async () => {
    const record = governance.audit.record
    governance.audit.record = async () => {
      throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
    }
    try {
      const { error, content } = await call(jfk, 'run_query', { sql: 'SELECT count(*) FROM airlines' })
      expect(error).toBeDefined()
      expect(content).toBeUndefined()
    } finally {
      governance.audit.record = record
    }
  })

  it('refuses a call within the process that does not say for whom it is made', async () => {
    const result = await client.callTool({ name: 'list_tables', arguments: {} })
    expect(result._meta?.[ERROR_META]).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})
