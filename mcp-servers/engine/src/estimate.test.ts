import type { Warehouse } from '@plumbline/mcp-kit'
import { checkBudget, ResultMeter } from '@plumbline/tools/governance'
import { createGate } from '@plumbline/tools/sql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoDataDir } from './config.ts'
import { duckdbWarehouse } from './duckdb-warehouse.ts'

const FLIGHTS = 336_776
const signal = new AbortController().signal

describe('estimates of the engine', () => {
  let warehouse: Warehouse
  let check: ReturnType<typeof createGate>['check']
  beforeAll(async () => {
    warehouse = await duckdbWarehouse({ dataDir: demoDataDir, memoryLimit: '1GB', threads: 2 })
    const tables = await warehouse.list()
    const principal = { id: 'ana', name: 'Ana', roles: [], attributes: {} }
    const gate = createGate({
      dialect: 'duckdb',
      principal,
      tables: tables.map(({ name, columns }) => ({
        name,
        columns: columns.map((column) => ({ ...column })),
        filters: [],
      })),
    })
    check = (sql, maxRows) => gate.check(sql, maxRows)
  })
  afterAll(() => warehouse?.close())

  const estimate = (sql: string, maxRows = 1000) => warehouse.estimate(check(sql, maxRows), signal)

  it('knows exactly what a whole table is [budget.estimate]', async () => {
    expect(await estimate('SELECT carrier, count(*) AS n FROM flights GROUP BY carrier')).toMatchObject({
      rows: FLIGHTS,
      source: 'explain',
      exact: true,
    })
  })

  it.each([
    ['a cross join', 'SELECT count(*) AS n FROM flights a, flights b', FLIGHTS ** 2],
    [
      'a cross join with a late condition',
      'SELECT count(*) AS n FROM flights a, flights b WHERE a.dep_delay + b.dep_delay > 60',
      FLIGHTS ** 2,
    ],
    ['a join on <', 'SELECT count(*) AS n FROM flights a JOIN flights b ON a.dep_delay < b.dep_delay', FLIGHTS ** 2],
    [
      'a cross join hidden in a CTE',
      'WITH x AS (SELECT a.carrier FROM flights a CROSS JOIN flights b) SELECT count(*) AS n FROM x',
      FLIGHTS ** 2,
    ],
    [
      'a cross join in a subquery that is limited',
      'SELECT * FROM (SELECT a.carrier FROM flights a, flights b) q ORDER BY 1 LIMIT 5',
      FLIGHTS ** 2,
    ],
    ['five tables, past 64 bits', 'SELECT count(*) AS n FROM flights a, flights b, flights c, flights d', FLIGHTS ** 4],
  ])('sees %s [budget.estimate]', async (_, sql, rows) => {
    const { rows: seen = 0 } = await estimate(sql)
    expect(seen / rows).toBeGreaterThan(0.9)
    expect(seen / rows).toBeLessThan(1.1)
  })

  it('sees that a join on a column with few values makes many rows', async () => {
    const { rows = 0 } = await estimate('SELECT count(*) AS n FROM flights a JOIN flights b ON a.carrier = b.carrier')
    expect(rows).toBeGreaterThan(1e9)
  })

  it('sees that a date range reads less, and a join on a key no more than its tables [budget.estimate]', async () => {
    const range = `WHERE time_hour >= TIMESTAMP '2013-02-01' AND time_hour < TIMESTAMP '2013-02-08'`
    const { rows: narrow = 0 } = await estimate(`SELECT count(*) AS n FROM flights ${range}`)
    expect(narrow).toBeLessThan(FLIGHTS / 2)
    const join = 'SELECT count(*) AS n FROM flights f JOIN airlines a ON f.carrier = a.carrier'
    const { rows: joined = 0 } = await estimate(join)
    expect(joined).toBeLessThan(FLIGHTS * 2)
  })

  it('takes a look at the first rows for what it is, unless an OFFSET reads on', async () => {
    expect((await estimate('SELECT * FROM flights', 10)).rows).toBe(11)
    expect((await estimate('SELECT * FROM flights LIMIT 5 OFFSET 300000', 10)).rows).toBe(FLIGHTS)
    expect((await estimate('SELECT count(*) AS n FROM (SELECT * FROM flights LIMIT 300000) q', 10)).rows).toBe(FLIGHTS)
  })

  it('counts the bytes of the columns that are read', async () => {
    const { bytes: one = 0 } = await estimate('SELECT sum(dep_delay) AS n FROM flights')
    const { bytes: all = 0 } = await estimate('SELECT * FROM flights ORDER BY time_hour', 10_000)
    expect(one).toBeLessThan(FLIGHTS * 10)
    expect(all).toBeGreaterThan(one * 10)
  })

  it.each([
    'SELECT count(*) AS n FROM flights f, range(f.flight) r',
    'SELECT count(*) AS n FROM flights f, generate_series(1, f.flight) r',
    'SELECT count(*) AS n FROM flights f, LATERAL (SELECT unnest(range(f.flight)) AS x) r',
    "SELECT count(*) AS n FROM (SELECT unnest(string_split(repeat('a,', 1000), ',')) AS x) t",
  ])('does not take the planner’s word for lists that are made on the way: %s [budget.refusal]', async (sql) => {
    expect(await estimate(sql)).toMatchObject({ source: 'none', reason: expect.stringContaining('unfolds a list') })
  })

  it.each([
    'SELECT count(*) AS n FROM flights a LEFT JOIN flights b ON true',
    'SELECT count(*) AS n FROM flights a SEMI JOIN flights b ON a.dep_delay < b.dep_delay',
    'SELECT count(*) AS n FROM flights a JOIN flights b ON (a.carrier = b.carrier OR a.dest = b.dest)',
    'SELECT count(*) AS n FROM (SELECT 1 AS k, * FROM flights) a JOIN (SELECT 1 AS k, * FROM flights) b USING (k)',
    'SELECT count(*) AS n FROM flights a JOIN flights b ON a.dep_delay BETWEEN b.dep_delay - 5 AND b.dep_delay + 5',
  ])('sees every pair behind %s [budget.estimate]', async (sql) => {
    expect((await estimate(sql)).rows).toBeGreaterThan(1e11)
  })

  it('has no estimate for what it can not know, so that a budget fails closed [budget.refusal]', async () => {
    const recursive = await estimate(
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100) SELECT count(*) AS n FROM t',
    )
    expect(recursive).toMatchObject({ source: 'none', reason: expect.stringContaining('recursive') })
    const budget = { scanRows: 1e9, over: 'refuse' as const, rules: ['scan'] }
    expect(checkBudget(recursive, budget)).toMatchObject({ ok: false, value: null, approvable: false })
  })

  it('fails like the query itself when a column is unknown', async () => {
    await expect(estimate('SELECT nothing_like_it FROM flights')).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
  })

  it('cuts a result at its bytes, and is free for the next query', async () => {
    const meter = new ResultMeter(50_000)
    const { rows } = await warehouse.run(check('SELECT * FROM flights', 10_000), signal, meter)
    expect(meter.full).toBe(true)
    expect(rows.length).toBeGreaterThan(50)
    expect(Buffer.byteLength(JSON.stringify(rows))).toBeLessThanOrEqual(50_000)
    const whole = new ResultMeter(50_000)
    const few = await warehouse.run(check('SELECT * FROM airlines', 100), signal, whole)
    expect([few.rows.length, whole.full]).toEqual([16, false])
    expect((await warehouse.run(check('SELECT count(*) AS n FROM flights', 10), signal)).rows).toEqual([[FLIGHTS]])
  })
})
