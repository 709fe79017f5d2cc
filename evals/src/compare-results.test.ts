import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameResult } from './compare-results.ts'

describe('sameResult', () => {
  it('takes rows in any order unless the order counts', () => {
    expect(
      sameResult(
        [
          ['a', 1],
          ['b', 2],
        ],
        [
          ['b', 2],
          ['a', 1],
        ],
        false,
      ),
    ).toBe(true)
    expect(
      sameResult(
        [
          ['a', 1],
          ['b', 2],
        ],
        [
          ['b', 2],
          ['a', 1],
        ],
        true,
      ),
    ).toBe(false)
  })

  it('takes columns in any order and more columns, never fewer', () => {
    expect(sameResult([['a', 1]], [[1, 'a']], false)).toBe(true)
    expect(sameResult([['a', 1]], [[7, 'a', 1]], false)).toBe(true)
    expect(sameResult([['a', 1]], [['a']], false)).toBe(false)
  })

  it('keeps the pairing of columns within a row', () => {
    expect(
      sameResult(
        [
          ['a', 1],
          ['b', 2],
        ],
        [
          ['a', 2],
          ['b', 1],
        ],
        false,
      ),
    ).toBe(false)
  })

  it('counts duplicates', () => {
    expect(sameResult([['a'], ['a'], ['b']], [['a'], ['b'], ['b']], false)).toBe(false)
    expect(sameResult([['a'], ['a']], [['a']], false)).toBe(false)
  })

  it('forgives the last digits of a double, not a wrong number', () => {
    expect(sameResult([[0.30000000000000004]], [[0.3]], false)).toBe(true)
    expect(sameResult([[12.6]], [[12.7]], false)).toBe(false)
    expect(sameResult([[null]], [[0]], false)).toBe(false)
  })

  it('reads a date and its midnight as one', () => {
    expect(sameResult([['2013-07-01']], [['2013-07-01T00:00:00Z']], false)).toBe(true)
  })

  it('finds a result equal to its own shuffle', () => {
    const row = fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(null)), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) =>
        sameResult(
          rows,
          [...rows].reverse().map(([a, b]) => [b ?? null, a ?? null]),
          false,
        ),
      ),
    )
  })
})
