import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadTable } from './load-table.ts'

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-load-'))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  const file = join(folder, 'odd "name".parquet')
  await connection.run(
    `COPY (SELECT 23::TINYINT AS hour, 4983::SMALLINT AS "the ""miles""", 3::UINTEGER AS seats, 'x' AS text, 1.5::FLOAT AS f)
     TO '${file}' (FORMAT parquet)`,
  )
  await loadTable(connection, file, '1GB')
})
afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true, force: true })
})

describe('loadTable', () => {
  it.each([
    ['hour * 60 + 59', 1439n],
    ['"the ""miles""" * 100000', 498_300_000n],
    ['seats - 10', -7n],
  ])('lets %s come out instead of overflowing the type of the file', async (expression, expected) => {
    const result = await connection.runAndReadAll(`SELECT ${expression} FROM "odd ""name"""`)
    expect(result.getRows()).toEqual([[expected]])
  })

  it('keeps the order of the columns and every other type', async () => {
    const described = await connection.runAndReadAll('DESCRIBE "odd ""name"""')
    expect(described.getRows().map(([name, type]) => `${name} ${type}`)).toEqual([
      'hour BIGINT',
      'the "miles" BIGINT',
      'seats BIGINT',
      'text VARCHAR',
      'f FLOAT',
    ])
  })
})
