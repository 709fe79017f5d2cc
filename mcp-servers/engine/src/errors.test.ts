import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError } from '@plumbline/tools/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { translateError } from './errors.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await connection.run('CREATE TABLE things (label VARCHAR, amount INTEGER)')
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

async function errorOf(sql: string): Promise<AppError> {
  const thrown: unknown = await connection.runAndReadAll(sql).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(Error)
  return translateError(thrown, false)
}

describe('errors of DuckDB as ours', () => {
  it.each([
    ['SELECT labl FROM things', 'COLUMN_UNKNOWN', '`labl` is unknown; did you mean `label`?'],
    ['SELECT t.nowhere FROM things t', 'COLUMN_UNKNOWN', '`nowhere`'],
    ['SELECT * FROM thingz', 'TABLE_UNKNOWN', 'thingz'],
    ["SELECT CAST('x' AS INTEGER)", 'QUERY_INVALID', "'x'"],
    ['SELECT amount, count(*) FROM things', 'QUERY_INVALID', 'GROUP BY'],
  ])('%s is %s', async (sql, code, words) => {
    const error = await errorOf(sql)
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) })
    expect(error.message).not.toMatch(/\n|LINE \d|\^/)
  })

  it.each([
    '/srv/plumbline/data/flights.parquet',
    '/srv/plumbline data/flights 2013.parquet',
    '/flights.parquet',
    String.raw`C:\plumbline\data\flights.parquet`,
  ])('tells nobody where %s is', (path) => {
    for (const message of [
      `Invalid Input Error: No magic bytes found at end of file '${path}'`,
      `INTERNAL Error: could not read "${path}"`,
      `IO Error: Cannot open file "${path}": No such file or directory`,
    ]) {
      const told = translateError(new Error(message), false).message
      expect(told).not.toMatch(/plumbline|flights/)
    }
  })

  it('leaves a fraction in a text alone', () => {
    expect(translateError(new Error('Conversion Error: "km/h/s" is no number'), false).message).toContain('km/h/s')
  })

  it('is stopped when we stopped it, whatever DuckDB says', () => {
    expect(translateError(new Error('Binder Error: x'), true).code).toBe('QUERY_CANCELLED')
    expect(translateError(new Error('INTERRUPT Error: Interrupted!'), false).code).toBe('QUERY_CANCELLED')
  })

  it('translates an error once', () => {
    const ours = new AppError('FILE_INVALID', 'as it was')
    expect(translateError(ours, true)).toBe(ours)
  })
})
