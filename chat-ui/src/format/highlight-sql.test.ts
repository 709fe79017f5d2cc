import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { highlightSql } from './highlight-sql.ts'

const kinds = (sql: string) =>
  highlightSql(sql)
    .filter((token) => token.kind !== 'space')
    .map((token) => [token.text, token.kind])

describe('highlightSql', () => {
  it('tells keywords, functions, names, numbers and strings apart', () => {
    expect(kinds(`SELECT count(*) FROM flights WHERE origin = 'JFK' AND d > 1.5e3`)).toEqual([
      ['SELECT', 'keyword'],
      ['count', 'function'],
      ['(', 'punctuation'],
      ['*', 'punctuation'],
      [')', 'punctuation'],
      ['FROM', 'keyword'],
      ['flights', 'name'],
      ['WHERE', 'keyword'],
      ['origin', 'name'],
      ['=', 'punctuation'],
      ["'JFK'", 'string'],
      ['AND', 'keyword'],
      ['d', 'name'],
      ['>', 'punctuation'],
      ['1.5e3', 'number'],
    ])
  })

  it('does not end a string or a name at a doubled quote', () => {
    expect(kinds(`'O''Hare' "a""select" -- from here`)).toEqual([
      ["'O''Hare'", 'string'],
      ['"a""select"', 'name'],
      ['-- from here', 'comment'],
    ])
  })

  it('is the input again when joined, also for what is not SQL', () => {
    const scrap = fc.constantFrom("'", '"', '`', '--', '/*', '*/', '\n', 'select', '1e', '😀', '\ud800', 'é', '(')
    fc.assert(
      fc.property(fc.array(fc.oneof(scrap, fc.string({ unit: 'binary' }))), (parts) => {
        const sql = parts.join('')
        const tokens = highlightSql(sql)
        expect(tokens.map((token) => token.text).join('')).toBe(sql)
        expect(tokens.every((token) => token.text !== '')).toBe(true)
      }),
    )
  })
})
