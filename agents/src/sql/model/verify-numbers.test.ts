import type { Cell, Column } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findForeignNumber } from './verify-numbers.ts'

const column = (name: string, more: Partial<Column> = {}): Column => ({ name, label: name, type: 'number', ...more })
const columns = [
  column('carrier', { type: 'string' }),
  column('delay', { unit: 'minutes' }),
  column('share', { format: 'ratio' }),
  column('month', { type: 'date', grain: 'month' }),
  column('flights', { type: 'integer' }),
]
const rows: Cell[][] = [
  ['Boeing 737-800', 20.2155, 0.2134, '2013-07-01', 336776],
  ['Endeavor Air Inc.', -5, 0.5, '2013-08-01', 1250000],
]
const check = (text: string, allowed?: string[]) => findForeignNumber(text, { columns, rows }, allowed)

describe('the numbers of a text', () => {
  it.each([
    'It was 20.2155 minutes.',
    'It was 20.2 minutes, about 20.',
    'The share is 21.3%, or 0.21, or 21 percent.',
    'There were 336,776 flights, 336.8k of them, or 337 thousand.',
    'There were 1.25 million, about 1.3 million.',
    'It left 5 minutes early (-5).',
    'The Boeing 737-800 in Jul 2013.',
    'One carrier comes first.',
    'Endeavor Air Inc. was late.',
  ])('are all of the result: %s', (text) => {
    expect(check(text)).toBeUndefined()
  })

  it.each([
    ['It was 21.4 minutes.', '21.4'],
    ['It was 20.3 minutes.', '20.3'],
    ['The share is 22%.', '22%'],
    ['Flights: 337,776.', '337,776'],
    ['Flights: 336,000.', '336,000'],
    ['That is 2 more.', '2'],
    ['It is twice as late.', 'twice'],
    ['There are three carriers.', 'three'],
    ['It was 20,2 minutes.', '20,2'],
    ['In 2014 it was 20.2.', '2014'],
    ['It was -20.2 minutes.', '-20.2'],
    ['The Boeing 747-800.', '747'],
    ['It was 20.2%.', '20.2%'],
    ['Rounded to 0.', '0'],
  ])('are caught when they are not: %s', (text, number) => {
    expect(check(text)).toContain(number)
  })

  it('may repeat a filter only when the question and the reading both have it', () => {
    const text = 'In 2019 it was 20.2 minutes.'
    expect(check(text, ['delay in 2019', 'average delay in 2019'])).toBeUndefined()
    expect(check(text, ['delay in 2019', 'average delay'])).toBe('2019')
    expect(check('It was 500.', ['is it 500?', 'number of flights'])).toBe('500')
  })

  it('are found whatever the value, exactly and rounded; and missed by no shift that can be seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 3 }), (whole, decimals) => {
        const value = whole / 10 ** decimals
        const result = { columns: [column('x')], rows: [[value]] }
        const written = value.toLocaleString('en-US', { minimumFractionDigits: decimals })
        expect(findForeignNumber(`It is ${written} here.`, result)).toBeUndefined()
        const shifted = (value + 1).toLocaleString('en-US', { minimumFractionDigits: decimals })
        // −0.5 + 1 = 0.5 is the same number said without its sign.
        if (Math.abs(value + 1) !== Math.abs(value)) {
          expect(findForeignNumber(`It is ${shifted} here.`, result)).toBe(shifted)
        }
      }),
    )
  })
})
