import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsText } from './rows-text.ts'

describe('rowsText', () => {
  it('keeps a value within its line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = rowsText({
          columns: [{ name: value, type: 'string' }],
          rows: [[value]],
          rowCount: 1,
          truncated: false,
        })
        expect(text.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(3)
      }),
    )
  })

  it('says how much it leaves out', () => {
    const rows = Array.from({ length: 80 }, (_, i) => [i])
    const text = rowsText({ columns: [{ name: 'n', type: 'integer' }], rows, rowCount: 80, truncated: false })
    expect(text).toContain('80 rows, the first 50 shown')
    expect(text.split('\n')).toHaveLength(52)
  })
})
