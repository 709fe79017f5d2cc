import type { Cell } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sortRows } from './sort-rows.ts'

const first = (rows: readonly (readonly Cell[])[]) => rows.map((row) => row[0])

describe('sortRows', () => {
  it('sorts numbers by size and texts as people do', () => {
    expect(first(sortRows([[10], [9], [-1]], { index: 0, descending: false }))).toEqual([-1, 9, 10])
    expect(first(sortRows([['Gate 10'], ['gate 9'], ['Ärger']], { index: 0, descending: false }))).toEqual([
      'Ärger',
      'gate 9',
      'Gate 10',
    ])
  })

  it('puts rows without a value last, up or down', () => {
    const rows = [[null], [1], [3], [null], [2]]
    expect(first(sortRows(rows, { index: 0, descending: false }))).toEqual([1, 2, 3, null, null])
    expect(first(sortRows(rows, { index: 0, descending: true }))).toEqual([3, 2, 1, null, null])
  })

  it('leaves the answer in its own order when nothing is sorted', () => {
    const rows = [['b'], ['a']]
    expect(sortRows(rows, null)).toBe(rows)
  })

  it('loses no row, changes none of its input, and keeps equal rows in order [page.table]', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(null))
    fc.assert(
      fc.property(fc.array(value), fc.boolean(), (values, descending) => {
        const rows: Cell[][] = values.map((one, place) => [one, place])
        const before = structuredClone(rows)
        const sorted = sortRows(rows, { index: 0, descending })
        expect(rows).toEqual(before)
        expect(sorted).toHaveLength(rows.length)
        for (const [i, row] of sorted.entries()) {
          const next = sorted[i + 1]
          if (!next) continue
          if (row[0] === next[0]) expect(row[1]).toBeLessThan(next[1] as number)
          else if (next[0] !== null) expect((row[0] as number) > (next[0] as number)).toBe(descending)
        }
      }),
    )
  })
})
