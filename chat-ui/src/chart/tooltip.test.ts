import type { Column } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DrawnSpec, plotOf } from './plot.ts'
import { tooltipHtml } from './tooltip.ts'

const delay: Column = { name: 'delay', label: 'Average delay', type: 'number', unit: 'minutes' }
const axis = ({ name, label }: Column) => ({ column: name, label })

/** The tooltip without the markup that is our own. */
const foreign = (html: string) => html.replaceAll(/<\/?(?:div|span|b|i)(?: (?:class|style)="[^"<>]*")?>/g, '')

describe('tooltipHtml [answer.chart]', () => {
  it('shows all lines of a place with their units', () => {
    const month: Column = { name: 'month', label: 'Month', type: 'date', role: 'time', grain: 'month' }
    const spec: DrawnSpec = { kind: 'line', title: 'T', x: axis(month), y: [axis(delay)], series: 'airline' }
    const columns: Column[] = [month, { name: 'airline', label: 'Airline', type: 'string' }, delay]
    const plot = plotOf(spec, {
      columns,
      rows: [
        ['2013-01-01', 'UA', 3.157],
        ['2013-01-01', 'DL', null],
      ],
    })
    expect(foreign(tooltipHtml(plot, ['#111111'], 0, 0))).toBe('Jan 2013UA3.16 minDL–')
  })

  it('lets no text of the data become markup, wherever it comes from [safety.escape]', () => {
    const text = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'img', ' onerror=', 'a', '/') })
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.constantFrom('line', 'bar', 'heatmap', 'scatter'),
        (label, name, value, kind) => {
          const x: Column = { name: 'x', label, type: kind === 'scatter' ? 'number' : 'string' }
          const y: Column = { ...delay, label: name, unit: label }
          const base = { title: label, x: axis(x), y: [axis(y)], series: 's' }
          const spec =
            kind === 'heatmap'
              ? { kind, title: label, x: axis(x), y: { column: 's', label }, value: axis(y) }
              : ({ ...base, kind, horizontal: false } as DrawnSpec)
          const columns: Column[] = [x, { name: 's', label, type: 'string' }, y]
          const rows = [[kind === 'scatter' ? 1 : value, value, 2]]
          const html = tooltipHtml(plotOf(spec as DrawnSpec, { columns, rows }), ['red"><b>'], 0, 0)
          expect(foreign(html.replace('red&#34;&#62;&#60;b&#62;', 'red'))).not.toMatch(/[<>"']/)
        },
      ),
    )
  })
})
