import { describe, expect, it } from 'vitest'
import { type Column, formatCell } from './index.ts'

const column = (rest: Partial<Column>): Column => ({ name: 'x', label: 'X', type: 'number', ...rest })

describe('formatCell', () => {
  it('writes numbers for people', () => {
    expect(formatCell(1234567, column({ type: 'integer' }))).toBe('1,234,567')
    expect(formatCell(12.6123, column({ unit: 'minutes' }), true)).toBe('12.61 min')
    expect(formatCell(0.00123, column({}))).toBe('0.00123')
    expect(formatCell(2013, column({ type: 'integer', format: 'year' }))).toBe('2013')
    expect(formatCell(0.2134, column({ format: 'ratio', unit: 'x' }), true)).toBe('21.3%')
    expect(formatCell(null, column({}))).toBe('–')
  })

  it('writes times by their grain, a date without shifting its day', () => {
    expect(formatCell('2013-07-01', column({ type: 'date', grain: 'month' }))).toBe('Jul 2013')
    expect(formatCell('2013-07-01', column({ type: 'date' }))).toBe('1 Jul 2013')
    expect(formatCell('2013-10-01', column({ type: 'date', grain: 'quarter' }))).toBe('Q4 2013')
    expect(formatCell('2013-07-01T02:00:00Z', column({ type: 'timestamp', zone: 'America/New_York' }))).toBe(
      '30 Jun 2013, 22:00',
    )
  })

  it('returns text it can not read as a time unchanged', () => {
    expect(formatCell('soon', column({ type: 'date' }))).toBe('soon')
  })
})
