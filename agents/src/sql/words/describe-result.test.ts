import type { Cell, Column } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import { describeResult } from './describe-result.ts'

const column = (name: string, rest: Partial<Column>): Column => ({ name, label: name, type: 'string', ...rest })
const origin = column('origin', {})
const flights = column('flights', { type: 'integer', role: 'measure' })
const delay = column('delay', { type: 'number', role: 'measure', unit: 'minutes' })
const wind = column('wind speed', { type: 'number', role: 'dimension', unit: 'mph' })
const say = (columns: Column[], rows: Cell[][], truncated = false) =>
  describeResult({ reading: 'number of flights', columns, rows, truncated })

describe('describeResult', () => {
  it('gives one value in a sentence', () => {
    expect(say([flights], [[9999]])).toBe('Number of flights: **9,999**.')
  })

  it('names the one row that was asked for', () => {
    expect(say([origin, delay], [['JFK', 12.5]])).toBe('Number of flights: **JFK**, delay **12.5 min**.')
  })

  it('names every row of a short result and the extremes of a long one', () => {
    expect(
      say(
        [origin, flights],
        [
          ['JFK', 1],
          ['LGA', 2],
        ],
      ),
    ).toBe('Number of flights: JFK **1**, LGA **2**.')
    const rows = Array.from({ length: 10 }, (_, i): Cell[] => [`d${i}`, i])
    expect(say([origin, flights], rows)).toBe('Number of flights. Highest: d9 **9**; lowest: d0 **0** (10 rows).')
  })

  it('says that nothing matches instead of showing an empty table', () => {
    expect(say([origin, flights], [])).toBe('Nothing in the data matches. I looked for: number of flights.')
  })

  it('tells a relation with its strength and that it is no cause', () => {
    const text = say(
      [wind, delay, flights],
      [
        [0, 10, 1],
        [5, 12, 100],
        [10, 15, 100],
        [15, 18, 100],
        [20, 90, 1],
      ],
    )
    expect(text).toContain('Delay clearly rises with wind speed: **10 min** at **0 mph**, **90 min** at **20 mph**')
    expect(text).toContain('not that one causes the other')
  })

  it('leaves no markup in a value or a name [safety.escape]', () => {
    const text = say(
      [column('**x** [a](http://b)', {}), flights],
      [
        ['<img src=x onerror=alert(1)>', 1],
        ['# h', 2],
      ],
    )
    expect(text.replace(/\\./g, '')).not.toMatch(/[<>[\]#]|onerror=alert\(1\)/)
  })
})
