import { describe, expect, it } from 'vitest'
import { createGate, type GovernedQuery } from '../create-gate.ts'
import { assertParsersAgree } from './assert-parsers-agree.ts'

const DIALECTS = ['duckdb', 'postgresql', 'snowflake', 'databricks', 'mysql', 'sqlite'] as const

/** Names as the catalog of the system writes those without quotes. */
const gateOf = (dialect: (typeof DIALECTS)[number]) => {
  const own = (name: string) => (dialect === 'snowflake' ? name.toUpperCase() : name)
  return createGate({
    dialect,
    principal: { id: 'ana', roles: ['analyst'], attributes: { region: 'EU' } },
    hashSalt: 'a-salt-of-sixteen',
    tables: [
      {
        name: own('orders'),
        columns: [
          { name: own('id'), type: 'integer' },
          { name: own('region'), type: 'string' },
          { name: own('email'), type: 'string', mask: { kind: 'partial', keepFirst: 1 } },
        ],
        filters: [{ id: 'own-region', sql: 'region = :principal.region' }],
      },
      {
        name: own('staff'),
        columns: [
          { name: own('id'), type: 'integer' },
          { name: own('boss'), type: 'integer' },
        ],
        filters: [{ id: 'no-boss', sql: 'id NOT IN (SELECT boss FROM staff WHERE boss IS NOT NULL)' }],
      },
      { name: own('regions'), columns: [{ name: own('region'), type: 'string' }] },
    ],
  })
}

const QUERIES = [
  'SELECT email FROM orders',
  'SELECT a.id, b.email FROM orders a JOIN orders b ON a.id = b.id JOIN regions r ON r.region = a.region',
  'SELECT id FROM orders WHERE id IN (SELECT id FROM orders WHERE region IN (SELECT region FROM regions))',
  'WITH orders2 AS (SELECT * FROM orders) SELECT (SELECT max(id) FROM staff) AS top, o.id FROM orders2 o, orders p',
  'SELECT id FROM orders UNION ALL SELECT id FROM staff WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = staff.id)',
]

describe('what runs for someone under rules', () => {
  for (const dialect of DIALECTS) {
    it(`has every table behind them, as the second parser of ${dialect} sees it [guard.second-parser]`, async () => {
      const gate = gateOf(dialect)
      for (const sql of QUERIES) {
        const query = gate.check(sql, 100)
        expect(query.sql).not.toBe(query.asked)
        await expect(assertParsersAgree(query), query.sql).resolves.toBeUndefined()
      }
    })

    it(`does not run when one reference was left as it was in ${dialect} [guard.second-parser]`, async () => {
      const gate = gateOf(dialect)
      for (const sql of QUERIES) {
        const query = gate.check(sql, 100)
        // The hole: a table that stands somewhere a rewrite did not look.
        const asked = `${query.asked.replace(/ LIMIT \d+$/, '')} LIMIT (SELECT max(hidden.id) FROM orders AS hidden)`
        const runs = `${query.sql.replace(/ LIMIT \d+$/, '')} LIMIT (SELECT max(hidden.id) FROM orders AS hidden)`
        const holed = { ...query, asked, sql: runs, tables: [...query.tables, { name: 'orders', columns: [] }] }
        await expect(assertParsersAgree(holed as GovernedQuery), runs).rejects.toMatchObject({
          data: { guardCode: 'SQL_PARSERS_DISAGREE' },
        })
      }
    })
  }

  it('may not pass a table off as governed by its name [guard.second-parser]', async () => {
    const query = gateOf('duckdb').check('SELECT base.id FROM orders AS base', 100)
    await expect(assertParsersAgree(query)).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' })
  })

  it('does not run when it is another statement than the one that was asked [guard.second-parser]', async () => {
    const query = gateOf('duckdb').check('SELECT id FROM orders JOIN regions USING (region)', 100)
    for (const sql of ['DELETE FROM orders', query.sql.replaceAll('regions', 'orders AS base'), 'SELECT 1']) {
      await expect(assertParsersAgree({ ...query, sql }), sql).rejects.toMatchObject({ code: 'QUERY_TOO_COMPLEX' })
    }
  })
})
