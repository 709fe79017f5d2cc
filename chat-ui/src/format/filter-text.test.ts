import { describe, expect, it } from 'vitest'
import { filterText } from './filter-text.ts'

const written = (...filter: Parameters<typeof filterText>) =>
  filterText(...filter)
    .map((part) => (part.strong ? `[${part.text}]` : part.text))
    .join('')

describe('a filter in a receipt [answer.receipt]', () => {
  it('names its values', () => {
    expect(written({ label: 'origin', operator: 'is', values: ['JFK'] })).toBe('origin is [JFK]')
    expect(written({ label: 'delay', operator: '>', values: [12500.5] })).toBe('delay > [12,500.5]')
    expect(written({ label: 'dep_time', operator: 'is', values: [null] })).toBe('dep_time is [no value]')
  })

  it('puts a range into the gaps of its operator', () => {
    const values = ['2013-07-01', '2013-08-01']
    expect(written({ label: 'date', operator: 'from … until before', values })).toBe(
      'date from [1 Jul 2013] until before [1 Aug 2013]',
    )
  })

  it('does not list hundreds of values', () => {
    const values = Array.from({ length: 300 }, (_, i) => `D${i}`)
    expect(written({ label: 'destination', operator: 'is one of', values })).toMatch(/D7 and 292 more\]$/)
  })
})
