import type { Cell, ChartSpec, Column } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartSeries, chartText } from './chart-series.ts'

const airline: Column = { name: 'airline', label: 'Airline', type: 'string' }
const month: Column = { name: 'month', label: 'Month', type: 'date', grain: 'month' }
const delay: Column = { name: 'delay', label: 'Average delay', type: 'number', unit: 'minutes' }
const wind: Column = { name: 'wind', label: 'Wind speed', type: 'number', unit: 'mph' }
const axis = (column: Column) => ({ column: column.name, label: column.label })
const bars: ChartSpec & { kind: 'bar' } = {
  kind: 'bar',
  title: 'T',
  x: axis(airline),
  y: [axis(delay)],
  horizontal: true,
}

describe('chartSeries [answer.chart]', () => {
  it('draws the rows in their order, with times written by their grain', () => {
    const rows: Cell[][] = [
      ['2013-02-01', 3],
      ['2013-01-01', null],
    ]
    expect(chartSeries({ kind: 'line', title: 'T', x: axis(month), y: [axis(delay)] }, [month, delay], rows)).toEqual([
      {
        name: 'Average delay',
        data: [
          { x: 'Feb 2013', y: 3 },
          { x: 'Jan 2013', y: null },
        ],
      },
    ])
  })

  it('draws no more bars than the chart’s limit', () => {
    const rows = Array.from({ length: 100 }, (_, i): Cell[] => [`a${i}`, i])
    expect(chartSeries({ ...bars, limit: 30 }, [airline, delay], rows)[0]?.data.map((point) => point.y)).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    )
    expect(chartSeries(bars, [airline, delay], rows)[0]?.data).toHaveLength(100)
  })

  it('leaves a gap, and not a zero, where a series has no value', () => {
    const rows: Cell[][] = [
      ['2013-01-01', 'UA', 1],
      ['2013-02-01', 'UA', 2],
      ['2013-02-01', 'DL', 4],
    ]
    const spec: ChartSpec & { kind: 'line' } = {
      kind: 'line',
      title: 'T',
      x: axis(month),
      y: [axis(delay)],
      series: 'airline',
    }
    expect(chartSeries(spec, [month, airline, delay], rows)).toEqual([
      {
        name: 'UA',
        data: [
          { x: 'Jan 2013', y: 1 },
          { x: 'Feb 2013', y: 2 },
        ],
      },
      {
        name: 'DL',
        data: [
          { x: 'Jan 2013', y: null },
          { x: 'Feb 2013', y: 4 },
        ],
      },
    ])
  })

  it('keeps both numbers of a scatter as numbers', () => {
    const spec: ChartSpec & { kind: 'scatter' } = { kind: 'scatter', title: 'T', x: axis(wind), y: [axis(delay)] }
    expect(chartSeries(spec, [wind, delay], [[12.5, 3]])).toEqual([
      { name: 'Average delay', data: [{ x: 12.5, y: 3 }] },
    ])
  })

  it('makes one row of a heat map for each group, all with the same columns', () => {
    const spec: ChartSpec & { kind: 'heatmap' } = {
      kind: 'heatmap',
      title: 'T',
      x: axis(month),
      y: axis(airline),
      value: axis(delay),
    }
    const cell = fc.tuple(
      fc.constantFrom('2013-01-01', '2013-02-01', '2013-03-01'),
      fc.constantFrom('UA', 'DL', 'AA'),
      fc.nat(),
    )
    fc.assert(
      fc.property(fc.uniqueArray(cell, { selector: ([m, a]) => `${m}${a}` }), (rows) => {
        const series = chartSeries(spec, [month, airline, delay], rows)
        const columns = series.map((one) => one.data.map((point) => point.x))
        for (const own of columns) expect(own).toEqual(columns[0])
        const drawn = series.flatMap((one) => one.data.map((point) => point.y)).filter((y) => y !== null)
        expect(drawn.toSorted((a, b) => a - b)).toEqual(rows.map((row) => row[2]).toSorted((a, b) => a - b))
      }),
    )
  })

  it('has no label that could be markup, wherever the text comes from [safety.escape]', () => {
    const evil = '<img src=x onerror=alert(1)>'
    const named: Column = { ...airline, label: evil }
    const specs: Exclude<ChartSpec, { kind: 'number' }>[] = [
      { ...bars, y: [{ column: 'delay', label: evil }] },
      { ...bars, series: 'airline' },
      { kind: 'line', title: evil, x: axis(named), y: [axis(delay)], series: 'airline' },
      { kind: 'scatter', title: evil, x: axis(named), y: [axis(delay)], series: 'airline' },
      { kind: 'heatmap', title: evil, x: axis(named), y: axis(named), value: axis(delay) },
    ]
    for (const spec of specs) {
      const text = JSON.stringify(chartSeries(spec, [named, delay], [[evil, 1]]))
      expect(text).toContain('img src')
      expect(text).not.toMatch(/[<>&]/)
    }
  })
})

describe('chartText', () => {
  it('leaves nothing that could open a tag or an entity, and the rest as it was [safety.escape]', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(chartText(text)).not.toMatch(/[<>&]/)
        expect(chartText(text)).toHaveLength(text.length)
      }),
    )
    expect(chartText('O’Hare (ORD)')).toBe('O’Hare (ORD)')
  })
})
