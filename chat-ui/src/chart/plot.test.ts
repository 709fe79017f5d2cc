import type { Cell, Column } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_POINTS } from './decimate.ts'
import { type DrawnSpec, plotOf } from './plot.ts'

const airline: Column = { name: 'airline', label: 'Airline', type: 'string', role: 'dimension' }
const month: Column = { name: 'month', label: 'Month', type: 'date', role: 'time', grain: 'month' }
const hour: Column = { name: 'hour', label: 'Hour', type: 'integer', role: 'time' }
const delay: Column = { name: 'delay', label: 'average delay', type: 'number', role: 'measure', unit: 'minutes' }
const wind: Column = { name: 'wind', label: 'Wind speed', type: 'number', unit: 'mph' }
const axis = ({ name, label, unit }: Column) => ({ column: name, label, ...(unit ? { unit } : {}) })
const line: DrawnSpec = { kind: 'line', title: 'T', x: axis(month), y: [axis(delay)] }
const bars: DrawnSpec & { kind: 'bar' } = { ...line, kind: 'bar', x: axis(airline), horizontal: true }

describe('plotOf [answer.chart]', () => {
  it('draws times in their order, a missing month as a gap and not as the neighbour of the next', () => {
    const rows: Cell[][] = [
      ['2013-04-01', 4],
      ['2013-01-01', 1],
      ['2013-02-01', null],
    ]
    const plot = plotOf(line, { columns: [month, delay], rows })
    expect(plot.categories).toEqual(['Jan 2013', 'Feb 2013', 'Mar 2013', 'Apr 2013'])
    expect(plot.series).toEqual([{ name: 'average delay', values: [1, null, null, 4] }])
  })

  it('titles its axes with units, and says a year that all ticks share once', () => {
    const plot = plotOf(line, {
      columns: [month, delay],
      rows: [
        ['2013-01-01', 1],
        ['2013-02-01', 2],
      ],
    })
    expect(plot).toMatchObject({ xTitle: 'Month, 2013', yTitle: 'Average delay (min)', ticks: ['Jan', 'Feb'] })
  })

  it('draws no more bars than the chart’s limit, in the order of the rows', () => {
    const rows = Array.from({ length: 100 }, (_, i): Cell[] => [`a${i}`, i])
    const [series] = plotOf({ ...bars, limit: 30 }, { columns: [airline, delay], rows }).series
    expect(series?.values).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect(plotOf(bars, { columns: [airline, delay], rows }).categories).toHaveLength(100)
  })

  it('makes a series of each group, with a gap where a group has no row', () => {
    const rows: Cell[][] = [
      ['2013-01-01', 'UA', 1],
      ['2013-02-01', 'UA', 2],
      ['2013-02-01', 'DL', 4],
    ]
    expect(plotOf({ ...line, series: 'airline' }, { columns: [month, airline, delay], rows }).series).toEqual([
      { name: 'UA', values: [1, 2] },
      { name: 'DL', values: [null, 4] },
    ])
  })

  it('keeps both numbers of a scatter as numbers, those beyond a double that come as text too', () => {
    const spec: DrawnSpec = { kind: 'scatter', title: 'T', x: axis(wind), y: [axis(delay)] }
    const rows: Cell[][] = [
      [12.5, 3],
      ['9007199254740993', 4],
      [null, 5],
    ]
    expect(plotOf(spec, { columns: [wind, delay], rows }).series).toEqual([
      { name: 'average delay', xs: [12.5, 9007199254740992], values: [3, 4] },
    ])
  })

  it('stands the hours of a heat map in their own order, whatever that of the rows', () => {
    const spec: DrawnSpec = { kind: 'heatmap', title: 'T', x: axis(month), y: axis(hour), value: axis(delay) }
    const rows: Cell[][] = [
      ['2013-01-01', 23, 1],
      ['2013-01-01', 1, 2],
      ['2013-02-01', 10, 3],
    ]
    const plot = plotOf(spec, { columns: [month, hour, delay], rows })
    expect(plot.series.map((one) => one.name)).toEqual(['1', '10', '23'])
  })

  it('puts every value of a heat map in exactly one place', () => {
    const spec: DrawnSpec = { kind: 'heatmap', title: 'T', x: axis(month), y: axis(airline), value: axis(delay) }
    const cell = fc.tuple(
      fc.constantFrom('2013-01-01', '2013-02-01', '2013-03-01'),
      fc.constantFrom('UA', 'DL', 'AA'),
      fc.nat(),
    )
    fc.assert(
      fc.property(fc.uniqueArray(cell, { selector: ([m, a]) => `${m}${a}` }), (rows) => {
        const { series, categories } = plotOf(spec, { columns: [month, airline, delay], rows })
        for (const one of series) expect(one.values).toHaveLength(categories.length)
        const drawn = series.flatMap((one) => one.values).filter((value) => value !== null)
        expect(drawn.toSorted((a, b) => a - b)).toEqual(rows.map((row) => row[2]).toSorted((a, b) => a - b))
      }),
    )
  })

  it('thins out long lines without losing their highest and lowest point, and says so', () => {
    const hours = Array.from({ length: 8760 }, (_, i): Cell[] => [
      new Date(Date.UTC(2013, 0, 1, i)).toISOString(),
      i === 4321 ? 999 : i === 1234 ? -999 : i % 7,
    ])
    const time: Column = { name: 'month', label: 'Hour', type: 'timestamp', role: 'time', grain: 'hour' }
    const plot = plotOf(line, { columns: [time, delay], rows: hours })
    const values = plot.series[0]?.values ?? []
    expect(values.length).toBeLessThanOrEqual(MOST_POINTS + 2)
    expect([Math.max(...values.map(Number)), Math.min(...values.map(Number))]).toEqual([999, -999])
    expect(plot.note).toMatch(/^Drawn from [\d,]+ of 8,760 points/)
  })

  it('thins out a scatter without losing an outlier, and says so', () => {
    const spec: DrawnSpec = { kind: 'scatter', title: 'T', x: axis(wind), y: [axis(delay)] }
    const rows = Array.from({ length: 5001 }, (_, i): Cell[] => [i % 50, i === 2503 ? -999 : i === 777 ? 999 : i % 7])
    const { series, note } = plotOf(spec, { columns: [wind, delay], rows })
    expect(series[0]?.values.length).toBeLessThanOrEqual(MOST_POINTS + 4)
    expect(series[0]?.values).toEqual(expect.arrayContaining([999, -999]))
    expect(note).toMatch(/of 5,001 points are drawn/)
  })

  it('draws what it can when a column is missing or nothing came', () => {
    expect(plotOf(line, { columns: [], rows: [] }).series).toEqual([{ name: 'average delay', values: [] }])
  })
})
