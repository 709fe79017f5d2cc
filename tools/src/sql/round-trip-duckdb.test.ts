import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { TABLES } from './corpus/duckdb/legitimate.ts'
import { expectSame, printedCorpus, type Result } from './corpus/same-result.ts'
import { proveReadOnly } from './prove-read-only.ts'

let connection: DuckDBConnection

beforeAll(async () => {
  // One thread: a sample with a seed is the same only then.
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  await connection.run(TABLES)
})

async function run(sql: string): Promise<Result> {
  const reader = await connection.runAndReadAll(sql)
  return { names: reader.columnNames(), rows: reader.getRowsJson().map((row) => JSON.stringify(row)) }
}

const QUERIES = printedCorpus('duckdb')
const limited = (sql: string, maxRows: number) => run(proveReadOnly(sql, { dialect: 'duckdb', maxRows }).sql)
const isSample = (sql: string) => /sample/i.test(sql)

describe('what the guard prints, in DuckDB', () => {
  it.each(QUERIES)('brings what was asked for: %s [guard.round-trip] [guard.dialects]', async (_, asked, printed) => {
    expectSame(asked, await run(asked), await run(printed))
  })
})

describe('the limit', () => {
  it('brings one row more than asked for, so that a cut is seen', async () => {
    for (const [, sql] of QUERIES) {
      const { rows } = await run(sql)
      expect((await limited(sql, 2)).rows.length, sql).toBe(Math.min(3, rows.length))
    }
  })

  it('keeps the first rows of an order', async () => {
    for (const [, sql] of QUERIES.filter(([, query]) => /order by [^)]*$/i.test(query) && !isSample(query)))
      expect((await limited(sql, 4)).rows, sql).toEqual((await run(sql)).rows.slice(0, 5))
  })

  it('leaves a lower limit alone', async () => {
    expect((await limited('SELECT id FROM flights ORDER BY id LIMIT 2', 50)).rows).toEqual(['["0"]', '["1"]'])
  })
})
