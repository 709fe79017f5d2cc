import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell, Column } from '../contract/index.ts'
import { chooseChart } from './index.ts'

const column = (name: string, rest: Partial<Column>): Column => ({ name, label: name, type: 'string', ...rest })
const origin = column('origin', {})
const dest = column('dest', {})
const month = column('month', { type: 'date', role: 'time', grain: 'month' })
const hour = column('hour', { type: 'integer', role: 'time' })
const wind = column('wind', { type: 'number', role: 'dimension', unit: 'mph' })
const delay = column('delay', { type: 'number', role: 'measure', unit: 'minutes' })
const count = column('flights', { type: 'integer', role: 'measure' })

const choose = (columns: Column[], rows: Cell[][]) => chooseChart({ title: 'T', columns, rows })
const months = Array.from({ length: 12 }, (_, i) => `2013-${String(i + 1).padStart(2, '0')}-01`)

describe('chooseChart [answer.chart]', () => {
  it('shows one value as a big number', () => {
    expect(choose([count], [[5]])).toMatchObject({ kind: 'number', title: 'T', value: { column: 'flights' } })
  })

  it('shows one named value as a number under its name', () => {
    expect(choose([origin, delay], [['JFK', 3]])).toMatchObject({
      kind: 'number',
      title: 'JFK',
      value: { unit: 'minutes' },
    })
  })

  it('draws a line over time, one a series when there are few', () => {
    expect(
      choose(
        [month, delay],
        months.map((m) => [m, 1]),
      ),
    ).toMatchObject({ kind: 'line', x: { column: 'month' } })
    const rows = months.flatMap((m) => ['JFK', 'LGA'].map((o): Cell[] => [m, o, 1]))
    expect(choose([month, origin, delay], rows)).toMatchObject({ kind: 'line', series: 'origin' })
  })

  it('draws a heat map when lines would be too many, and for two times', () => {
    const names = Array.from({ length: 16 }, (_, i) => `carrier ${i}`)
    const rows = months.flatMap((m) => names.map((o): Cell[] => [m, o, 1]))
    expect(choose([month, origin, delay], rows)).toMatchObject({ kind: 'heatmap', y: { column: 'origin' } })
    const grid = months.flatMap((m) => [5, 6].map((h): Cell[] => [m, h, 1]))
    expect(choose([month, hour, delay], grid)).toMatchObject({ kind: 'heatmap' })
  })

  it('draws bars for categories, lying down when many or long, and says when it cuts', () => {
    expect(
      choose(
        [origin, count],
        [
          ['JFK', 1],
          ['LGA', 2],
        ],
      ),
    ).toMatchObject({ kind: 'bar', horizontal: false })
    const many = Array.from({ length: 100 }, (_, i): Cell[] => [`d${i}`, i])
    expect(choose([dest, count], many)).toMatchObject({
      kind: 'bar',
      horizontal: true,
      limit: 30,
      title: 'T (first 30 of 100)',
    })
  })

  it('does not mix units on one axis', () => {
    const chart = choose(
      [origin, delay, count],
      [
        ['JFK', 1, 5],
        ['LGA', 2, 6],
      ],
    )
    expect(chart?.kind === 'bar' && chart.y.map((y) => y.column)).toEqual(['delay'])
  })

  it('scatters a number against a number', () => {
    expect(
      choose(
        [wind, delay],
        [
          [1, 2],
          [2, 3],
          [3, 5],
        ],
      ),
    ).toMatchObject({ kind: 'scatter', x: { unit: 'mph' } })
  })

  it('draws nothing for no rows and for text only', () => {
    expect(choose([origin, count], [])).toBeNull()
    expect(
      choose(
        [origin, dest],
        [
          ['JFK', 'LAX'],
          ['LGA', 'ORD'],
        ],
      ),
    ).toBeNull()
  })

  it('names only columns of the result, whatever the result', () => {
    const anyColumn = fc.record({
      type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'date', 'timestamp', 'json'),
      role: fc.constantFrom('measure', 'dimension', 'time', 'key', undefined),
    })
    fc.assert(
      fc.property(
        fc.array(anyColumn, { maxLength: 5 }),
        fc.array(fc.array(fc.oneof(fc.string(), fc.double(), fc.constant(null)), { minLength: 5, maxLength: 5 }), {
          maxLength: 40,
        }),
        (kinds, rows) => {
          const columns = kinds.map(({ role, type }, i) =>
            column(`c${i}`, role ? { type, role } : { type }),
          ) as Column[]
          const text = JSON.stringify(
            choose(
              columns,
              rows.map((r) => r.slice(0, columns.length)),
            ) ?? {},
          )
          for (const [, name] of text.matchAll(/"(?:column|series)":"([^"]*)"/g))
            expect(columns.map((c) => c.name)).toContain(name)
        },
      ),
    )
  })
})
