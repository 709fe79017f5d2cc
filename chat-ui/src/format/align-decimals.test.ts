import { describe, expect, it } from 'vitest'
import { alignDecimals } from './align-decimals.ts'

describe('numbers under one another', () => {
  it('get the same decimals [page.table]', () => {
    expect(alignDecimals(['15.8', '1,215.56', '-1', '0', '–'])).toEqual(['15.80', '1,215.56', '-1.00', '0', '–'])
    expect(alignDecimals(['3%', '2.7%'])).toEqual(['3.0%', '2.7%'])
  })

  it('stay as they are when whole, or when one needs more decimals than others have', () => {
    expect(alignDecimals(['1', '20'])).toEqual(['1', '20'])
    expect(alignDecimals(['0.00123', '15.8'])).toEqual(['0.00123', '15.8'])
    expect(alignDecimals(['1.5.2', 'N12.5'])).toEqual(['1.5.2', 'N12.5'])
  })
})
