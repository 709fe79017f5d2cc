import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../infra/services/postgres.mjs'
import { createGate } from './index.ts'

const gate = createGate({
  dialect: 'postgresql',
  tables: [
    {
      name: 'people',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'name', type: 'string', mask: { kind: 'partial', keepFirst: 1 } },
        { name: 'pay', type: 'integer', denied: true },
      ],
      filters: [{ id: 'not-the-boss', sql: 'id <> 2' }],
    },
  ],
})

describe('names of a governed table in PostgreSQL', () => {
  let service: Awaited<ReturnType<typeof start>>
  let client: pg.Client
  beforeAll(async () => {
    service = await start()
    client = new pg.Client({ connectionString: service.url })
    await client.connect()
    await client.query("CREATE TABLE people AS SELECT 1 AS id, 'Ana' AS name, 70 AS pay UNION ALL SELECT 2, 'Zed', 999")
  })
  afterAll(async () => {
    await client?.end()
    await service?.stop()
  })
  const run = async (sql: string) => (await client.query({ text: gate.check(sql, 10).sql, rowMode: 'array' })).rows

  it.each([
    ['SELECT * FROM people', [1, 'A***']],
    ['SELECT p.* FROM people AS p', [1, 'A***']],
    ['SELECT public.people.name FROM public.people', ['A***']],
    ['SELECT public.people.* FROM public.people', [1, 'A***']],
    ['SELECT people FROM people', ['(1,A***)']],
    ['SELECT p FROM people AS p', ['(1,A***)']],
    ['SELECT a, b FROM people AS p(a, b)', [1, 'A***']],
    ['SELECT to_json(p) FROM people AS p', [{ id: 1, name: 'A***' }]],
    ['SELECT name FROM people ORDER BY name', ['A***']],
    ["SELECT upper(name) FROM people WHERE name LIKE 'A%'", ['A***']],
    ['WITH people AS (SELECT * FROM people) SELECT * FROM people', [1, 'A***']],
    ['SELECT max(id) FROM people', [1]],
    ['SELECT count(DISTINCT name) FROM people HAVING count(*) = 1', ['1']],
  ])('%s sees the mask and the rows that are left [governance.every-position]', async (sql, row) => {
    await expect(run(sql)).resolves.toEqual([row])
  })

  it.each([
    'SELECT pay FROM people',
    'SELECT p.pay FROM people AS p',
    'SELECT base.pay FROM people',
    'SELECT ctid FROM people',
    'SELECT xmin FROM people',
    'SELECT tableoid FROM people',
    'SELECT people.ctid FROM people',
    'SELECT id FROM people ORDER BY pay',
    'SELECT id FROM people WHERE pay = 70',
    'SELECT c FROM people AS p(a, b, c)',
    'SELECT p.id FROM people AS p JOIN people AS q USING (pay)',
  ])('%s finds nothing of that name [governance.every-position]', async (sql) => {
    // Whether the gate or the system says so, it says no more than of a column that is not there.
    await expect((async () => run(sql))()).rejects.toThrow(
      /does not exist|not allowed|columns available|missing FROM-clause|There is no column/,
    )
  })
})
