import type { Cell, Column } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import { apexOptions, apexSeries, tickText } from './apex-options.ts'
import { heatScale } from './heat-scale.ts'
import { niceAxis } from './nice-axis.ts'
import { LIGHT } from './palette.ts'
import { type DrawnSpec, plotOf } from './plot.ts'
import { chartSummary } from './summary.ts'

const origin: Column = { name: 'origin', label: 'Origin', type: 'string', role: 'dimension' }
const dest: Column = { name: 'dest', label: 'Destination', type: 'string', role: 'dimension' }
const day: Column = { name: 'day', label: 'Day', type: 'date', role: 'time', grain: 'day' }
const count: Column = { name: 'n', label: 'Flights', type: 'integer', role: 'measure' }
const axis = ({ name, label }: Column) => ({ column: name, label })
const drawing = { palette: LIGHT, width: 680, animate: true }

describe('apexOptions [answer.chart]', () => {
  const daily = (days: number) => {
    const rows = Array.from({ length: days }, (_, i): Cell[] => [
      new Date(Date.UTC(2013, 0, 1 + i)).toISOString().slice(0, 10),
      i,
    ])
    return plotOf({ kind: 'line', title: 'T', x: axis(day), y: [axis(count)] }, { columns: [day, count], rows })
  }

  it('writes only as many times under an axis as fit side by side', () => {
    const written = (width: number) => {
      const { xaxis } = apexOptions(daily(31), { ...drawing, width })
      return ((xaxis?.categories ?? []) as string[]).filter((label) => label !== '')
    }
    expect(written(680)).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31].map((date) => `${date} Jan`))
    expect(written(320).length).toBeLessThan(written(680).length)
    expect(daily(31).xTitle).toBe('Day, 2013')
  })

  it('makes a text only for the ticks of a long line', () => {
    const { xaxis } = apexOptions(daily(365), drawing)
    expect(xaxis).toMatchObject({ type: 'numeric', min: 0, max: 364 })
    expect(xaxis?.categories).toBeUndefined()
    expect(Number(xaxis?.tickAmount)).toBeGreaterThan(4)
    expect(Number(xaxis?.tickAmount)).toBeLessThan(13)
    const formatter = xaxis?.labels?.formatter
    expect([formatter?.('0'), formatter?.('363.6')]).toEqual(['1 Jan', '31 Dec'])
    const [series] = apexSeries(daily(365)) as { data: unknown[] }[]
    expect(series?.data.slice(0, 2)).toEqual([
      [0, 0],
      [1, 1],
    ])
  })

  it('names every bar, and slants names that do not fit', () => {
    const spec: DrawnSpec = { kind: 'bar', title: 'T', x: axis(dest), y: [axis(count)], horizontal: false }
    const rows = Array.from({ length: 20 }, (_, i): Cell[] => [`Airport ${i}`, i])
    const { xaxis } = apexOptions(plotOf(spec, { columns: [dest, count], rows }), drawing)
    expect(xaxis?.categories).not.toContain('')
    expect(xaxis?.labels?.rotate).toBe(-38)
  })

  it('stands the first row of a heat map on top and asks for no HTML but the escaped tooltip', () => {
    const spec: DrawnSpec = { kind: 'heatmap', title: 'T', x: axis(dest), y: axis(origin), value: axis(count) }
    const rows: Cell[][] = [
      ['ATL', 'JFK', 1],
      ['ATL', 'LGA', 2],
    ]
    const plot = plotOf(spec, { columns: [dest, origin, count], rows })
    expect(apexSeries(plot).map((one) => (one as { name: string }).name)).toEqual(['LGA', 'JFK'])
    const { tooltip, legend } = apexOptions(plot, drawing)
    expect(legend?.show).toBe(false)
    const custom = tooltip?.custom
    expect(typeof custom === 'function' && custom({ seriesIndex: 1, dataPointIndex: 0 })).toContain('JFK · ATL')
  })

  it('writes ticks short and without the tail of floating point', () => {
    expect(tickText(0.30000000000000004, count)).toBe('0.3')
    expect(tickText(336776, count)).toBe('336.8K')
    expect(tickText(0.25, { ...count, format: 'ratio' })).toBe('25%')
    expect(tickText(2013, { ...count, format: 'year' })).toBe('2013')
  })
})

describe('heatScale', () => {
  it('has steps that touch and hold every value', () => {
    const steps = heatScale([3, null, 10, 7], LIGHT)
    expect([steps[0]?.from, steps.at(-1)?.to]).toEqual([3, 10])
    for (const [i, step] of steps.slice(1).entries()) expect(step.from).toBeCloseTo(steps[i]?.to ?? Number.NaN)
  })

  it('turns its hue at zero', () => {
    const steps = heatScale([-2, 6], LIGHT)
    expect(steps.find((step) => step.from >= 0)?.color).toBe(LIGHT.warm[0])
    expect(steps[0]).toMatchObject({ from: -3, to: -1.5 })
  })
})

describe('niceAxis', () => {
  it('ends at round numbers around the values', () => {
    expect(niceAxis(0.3, 36.8)).toEqual({ min: 0, max: 40, tickAmount: 8 })
    expect(niceAxis(5, 5)).toBeNull()
  })
})

describe('chartSummary [page.access]', () => {
  it('says what is drawn, with its lowest and highest value', () => {
    const spec: DrawnSpec = {
      kind: 'bar',
      title: 'Flights by origin',
      x: axis(origin),
      y: [axis(count)],
      horizontal: false,
    }
    const rows: Cell[][] = [
      ['EWR', 120_835],
      ['LGA', 104_662],
    ]
    expect(chartSummary(plotOf(spec, { columns: [origin, count], rows }))).toBe(
      'Bar chart: Flights by origin. Flights by Origin, 2 values; lowest 104,662 (LGA), highest 120,835 (EWR). The table has all of them.',
    )
  })
})
