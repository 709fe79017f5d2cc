import { type DuckDBConnection, DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api'
import type { Cell } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellReader, columnType } from './cells.ts'

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

async function read(expression: string): Promise<[string, Cell]> {
  const result = await connection.run(`SELECT ${expression} AS value`)
  const [row] = await result.getRows()
  const id = result.columnTypeId(0)
  return [columnType(id), cellReader(id)(row?.[0] ?? null)]
}

describe('cells of the engine', () => {
  it.each([
    [`[1, NULL, 9007199254740993]`, [1, null, '9007199254740993']],
    [`{'a': 1.5::DOUBLE, 'b': 'x"y', 'd': DATE '2013-01-01'}`, { a: 1.5, b: 'x"y', d: '2013-01-01' }],
    [`{'t': TIMESTAMP '2013-01-01 00:00:00'}`, { t: '2013-01-01T00:00:00Z' }],
    [`[{'a': [1, 2]}, {'a': []}]`, [{ a: [1, 2] }, { a: [] }]],
    [`MAP {2: 'two'}`, [{ key: 2, value: 'two' }]],
    [`['nan'::DOUBLE]`, [null]],
    [`array_value(1, 2)`, [1, 2]],
    [`union_value(n := 'x')`, 'x'],
  ])('writes %s as JSON', async (expression, expected) => {
    const [type, cell] = await read(expression)
    expect(type).toBe('json')
    expect(JSON.parse(String(cell))).toEqual(expected)
  })

  it.each([
    [`0.1::FLOAT`, 0.1],
    [`16777216::FLOAT`, 16777216],
    [`'-inf'::FLOAT`, null],
    [`0.1::DOUBLE`, 0.1],
    [`-0.05::DECIMAL(4, 2)`, -0.05],
    [`DATE 'infinity'`, 'infinity'],
    [`DATE '0044-03-15 (BC)'`, '0044-03-15 (BC)'],
    [`TIMESTAMP '-infinity'`, '-infinity'],
    [`TIMESTAMP '1969-12-31 23:59:59.000001'`, '1969-12-31T23:59:59.000001Z'],
    [`'a'::BLOB`, 'a'],
    [`NULL`, null],
  ])('gives %s as %s', async (expression, expected) => {
    expect((await read(expression))[1]).toBe(expected)
  })

  it('loses nothing of a 32-bit float and adds no digit', () => {
    const reader = cellReader(DuckDBTypeId.FLOAT)
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const cell = reader(value) as number
        expect(Math.fround(cell) === value).toBe(true)
        expect(String(cell).length).toBeLessThanOrEqual(String(value).length)
      }),
    )
  })

  it('keeps every integer, as a number where a double holds it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), async (value) => {
        const [type, cell] = await read(`'${value}'::BIGINT`)
        expect(type).toBe('integer')
        expect(BigInt(cell as number | string)).toBe(value)
        expect(typeof cell).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'string')
      }),
      { numRuns: 50 },
    )
  })
})
