import { DuckDBInstance } from '@duckdb/node-api'
import { analyzeSql, type SqlDialect } from '@plumbline/native'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteIdentifier, quoteLiteral } from './quote.ts'

const DIALECTS: readonly SqlDialect[] = ['duckdb', 'postgresql', 'snowflake', 'databricks', 'mysql', 'sqlite']
const hostile = fc.constantFrom(
  "'",
  '"',
  '`',
  '\\',
  "''",
  "\\'",
  ';',
  '--',
  '/*',
  '*/',
  '$$',
  '\n',
  'a',
  ' ',
  'é',
  '[',
  ']',
)
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(hostile).map((parts) => parts.join('')),
  )
  .map(withoutNul)

function withoutNul(value: string): string {
  return value.replaceAll('\0', '')
}

describe('quoting', () => {
  it('gives DuckDB back the very text and name', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await fc.assert(
      fc.asyncProperty(text, text, async (value, rest) => {
        const name = `x${rest}`
        const sql = `SELECT ${quoteLiteral(value, 'duckdb')} AS ${quoteIdentifier(name, 'duckdb')}`
        const reader = await connection.runAndReadAll(sql)
        expect(reader.getRows()).toEqual([[value]])
        expect(reader.columnNames()).toEqual([name])
      }),
      { numRuns: 300 },
    )
  })

  it('lets no text end its literal, in any dialect [guard.read-only]', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...DIALECTS), (value, dialect) => {
        const verdict = analyzeSql(`SELECT ${quoteLiteral(value, dialect)} FROM t`, dialect)
        expect(verdict).toMatchObject({ allowed: true, columns: [], functions: [], tables: [{ name: 't' }] })
      }),
    )
  })

  it('lets no name end its quotes, in any dialect [guard.read-only]', () => {
    fc.assert(
      fc.property(fc.array(hostile.filter((part) => part !== '\n')), fc.constantFrom(...DIALECTS), (parts, dialect) => {
        const name = `x${parts.join('')}`
        const verdict = analyzeSql(`SELECT ${quoteIdentifier(name, dialect)} FROM t`, dialect)
        expect(verdict).toMatchObject({ allowed: true, columns: [name], tables: [{ name: 't' }] })
      }),
    )
  })

  it('refuses NUL, which ends a text in some drivers', () => {
    expect(() => quoteLiteral('a\0b', 'duckdb')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
    expect(() => quoteIdentifier('a\0b', 'duckdb')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
