import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../../../infra/services/postgres.mjs'
import { postgresqlEstimate } from './postgresql.ts'

const ROWS = 20_000

describe('estimates of PostgreSQL, on a real server', () => {
  let service: Awaited<ReturnType<typeof start>>
  let client: pg.Client
  beforeAll(async () => {
    service = await start()
    client = new pg.Client({ connectionString: service.url })
    await client.connect()
    await client.query(`
      CREATE TABLE flights AS
        SELECT i AS id, 'c' || i % 16 AS carrier, timestamp '2013-01-01' + i * interval '26 minutes' AS time_hour, i % 300 AS delay
        FROM generate_series(1, ${ROWS}) i;
      CREATE TABLE airlines AS SELECT 'c' || i AS carrier, 'airline ' || i AS name FROM generate_series(0, 15) i;
      CREATE INDEX ON flights (id);
      ANALYZE`)
  }, 60_000)
  afterAll(async () => {
    await client?.end()
    await service?.stop()
  })

  async function estimate(sql: string) {
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`)
    return postgresqlEstimate(rows[0]['QUERY PLAN'])
  }

  it('reads rows, bytes and cost from a plan [budget.estimate]', async () => {
    const whole = await estimate('SELECT carrier, count(*) FROM flights GROUP BY carrier')
    expect(whole).toMatchObject({ rows: ROWS, unit: 'PostgreSQL cost units', source: 'explain' })
    expect(whole.bytes).toBeGreaterThan(ROWS)
    expect(whole.cost).toBeGreaterThan(100)
    const narrow = await estimate(`SELECT count(*) FROM flights WHERE time_hour < timestamp '2013-01-05'`)
    expect(narrow.rows).toBeLessThan(ROWS / 10)
    expect(narrow.shape?.filters.join()).toContain('time_hour')
  })

  it.each([
    ['a cross join', 'SELECT count(*) FROM flights a, flights b'],
    ['a cross join with a late condition', 'SELECT count(*) FROM flights a, flights b WHERE a.delay + b.delay > 500'],
    ['a join on <', 'SELECT count(*) FROM flights a JOIN flights b ON a.delay < b.delay'],
    ['a correlated subquery', 'SELECT (SELECT count(*) FROM flights b WHERE b.delay + a.delay = 7) FROM flights a'],
  ])('sees %s [budget.estimate]', async (_, sql) => {
    expect((await estimate(sql)).rows).toBeGreaterThan(ROWS * ROWS * 0.002)
  })

  it('tells a cross join from a join on a column', async () => {
    const cross = await estimate('SELECT count(*) FROM flights a, flights b')
    expect(cross.shape?.crossJoin).toBe(true)
    expect(cross.rows).toBe(ROWS * ROWS)
    const keyed = await estimate('SELECT count(*) FROM flights JOIN airlines USING (carrier)')
    expect(keyed.shape?.crossJoin).toBe(false)
    expect(keyed.rows).toBeLessThan(ROWS * 2)
    const byIndex = await estimate('SELECT * FROM airlines a JOIN flights f ON f.id = length(a.name)')
    expect(byIndex.shape?.crossJoin).toBe(false)
    expect(byIndex.rows).toBeLessThan(ROWS * 2)
  })

  it('counts the rows of all processes that share a scan [budget.estimate]', async () => {
    await client.query(`BEGIN; SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0;
      SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL max_parallel_workers_per_gather = 2`)
    const { rows } = await client.query('EXPLAIN (FORMAT JSON) SELECT count(*) FROM flights')
    await client.query('ROLLBACK')
    expect(JSON.stringify(rows)).toContain('"Workers Planned":2')
    const seen = postgresqlEstimate(rows[0]['QUERY PLAN']).rows ?? 0
    expect(seen / ROWS).toBeGreaterThan(0.99)
    expect(seen / ROWS).toBeLessThan(1.01)
  })

  it('takes the length of a series from the planner, and knows no length of a recursion [budget.estimate]', async () => {
    expect((await estimate('SELECT count(*) FROM generate_series(1, 1000000000)')).rows).toBe(1e9)
    const endless = await estimate(
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT count(*) FROM t',
    )
    expect(endless).toMatchObject({ source: 'none', reason: expect.stringContaining('recursive') })
  })

  it.each([
    ['no plan', '[]'],
    ['no JSON', 'Seq Scan on flights'],
    ['nothing', undefined],
  ])('has no estimate in %s', (_, plan) => {
    expect(postgresqlEstimate(plan)).toMatchObject({ source: 'none' })
  })
})
