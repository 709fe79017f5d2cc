import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { analyzeSql } from '@plumbline/native'
import { beforeAll, describe, expect, it } from 'vitest'
import { LEGITIMATE, TABLES } from './corpus/legitimate.ts'
import { formatSql } from './format-sql.ts'
import { proveReadOnly } from './prove-read-only.ts'

let connection: DuckDBConnection

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(TABLES)
})

/** The whole result as text. Sorted where the query leaves the order open. */
async function result(sql: string, ordered: boolean): Promise<{ names: string[]; rows: string[] }> {
  const reader = await connection.runAndReadAll(sql)
  const rows = reader.getRowsJson().map((row) => JSON.stringify(row))
  return { names: reader.columnNames(), rows: ordered ? rows : rows.sort() }
}

const isOrdered = (sql: string) => /order by/i.test(sql)

describe('queries of analysts', () => {
  it('are many', () => {
    expect(LEGITIMATE.length).toBeGreaterThanOrEqual(60)
  })

  for (const sql of LEGITIMATE) {
    it(`prints what brings the same rows: ${JSON.stringify(sql).slice(0, 70)} [guard.round-trip]`, async () => {
      const verdict = analyzeSql(sql, 'duckdb')
      expect(verdict).toMatchObject({ allowed: true, kind: 'query' })
      const { sql: printed } = proveReadOnly(sql, { dialect: 'duckdb', maxRows: 10_000 })
      const [asked, ran] = [await result(sql, isOrdered(sql)), await result(printed, isOrdered(sql))]
      expect(ran.rows).toEqual(asked.rows)
      expect(ran.names).toEqual(asked.names)
    })

    it(`lays out without changing it: ${JSON.stringify(sql).slice(0, 70)}`, () => {
      const once = analyzeSql(sql, 'duckdb')
      expect(once.allowed).toBe(true)
      expect(analyzeSql(formatSql(sql, 'duckdb'), 'duckdb')).toEqual(once)
    })
  }
})

describe('the limit', () => {
  const rowsOf = async (sql: string, maxRows: number) =>
    (await result(proveReadOnly(sql, { dialect: 'duckdb', maxRows }).sql, true)).rows

  it('brings one row more than asked for, so that a cut is seen', async () => {
    for (const sql of LEGITIMATE) {
      const all = await result(sql, true)
      expect((await rowsOf(sql, 2)).length, sql).toBe(Math.min(3, all.rows.length))
    }
  })

  it('keeps the first rows of an order', async () => {
    for (const sql of LEGITIMATE.filter((query) => /order by [^)]*$/i.test(query))) {
      const all = await result(sql, true)
      expect(await rowsOf(sql, 4), sql).toEqual(all.rows.slice(0, 5))
    }
  })

  it('leaves a lower limit alone', async () => {
    expect(await rowsOf('SELECT id FROM flights ORDER BY id LIMIT 2', 50)).toEqual(['["0"]', '["1"]'])
  })
})
