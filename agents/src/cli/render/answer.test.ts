import type { Answer, Cell, Column } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import { renderAnswer } from './answer.ts'
import { renderChart } from './chart.ts'
import { makeStyle } from './style.ts'
import { renderTable } from './table.ts'

const style = makeStyle({ colour: false, width: 80 })
const origin: Column = { name: 'origin', label: 'Origin', type: 'string' }
const flights: Column = { name: 'flights', label: 'Flights', type: 'integer', role: 'measure' }
const rows: Cell[][] = [
  ['JFK', 1000],
  ['LGA', 500],
]
const answer = (rest: Partial<Answer>): Answer => ({
  id: 'a',
  threadId: 't',
  question: 'q',
  status: 'answered',
  text: 'Two: **JFK** and LGA\\.',
  sql: 'select 1',
  columns: [origin, flights],
  rows,
  chart: {
    kind: 'bar',
    title: 'T',
    x: { column: 'origin', label: 'Origin' },
    y: [{ column: 'flights', label: 'Flights' }],
    horizontal: false,
  },
  receipt: null,
  clarification: null,
  approval: null,
  suggestions: [],
  createdAt: '2026-01-01T00:00:00Z',
  ...rest,
})

describe('the terminal answer [cli.ask]', () => {
  it('aligns the table, numbers to the right', () => {
    expect(renderTable([origin, flights], rows, style)).toBe('Origin  Flights\nJFK       1,000\nLGA         500')
  })

  it('cuts a long table and names the columns that do not fit', () => {
    const many = Array.from({ length: 30 }, (_, i): Cell[] => [`a${i}`, i, 'x'])
    const wide: Column = { name: 'w', label: 'W'.repeat(70), type: 'string' }
    const text = renderTable([origin, flights, wide], many, style)
    expect(text).toContain('… 10 more rows')
    expect(text).toContain(`not shown: ${'W'.repeat(70)}`)
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(0, 20)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80)
  })

  it('draws bars in proportion', () => {
    const [jfk, lga] = renderChart(answer({}), style)?.split('\n') ?? []
    const length = (line = '') => line.match(/█/g)?.length ?? 0
    expect(length(jfk)).toBe(2 * length(lga))
    expect(jfk).toMatch(/^JFK .* 1,000$/)
  })

  it('draws no bar for values below zero, and none for one row', () => {
    expect(
      renderChart(
        answer({
          rows: [
            ['JFK', -1],
            ['LGA', 2],
          ],
        }),
        style,
      ),
    ).toBeNull()
    expect(renderChart(answer({ rows: [['JFK', 1]] }), style)).toBeNull()
  })

  it('draws a line of blocks over time with its range', () => {
    const month: Column = { name: 'm', label: 'Month', type: 'date', grain: 'month' }
    const line = answer({
      columns: [month, flights],
      rows: [
        ['2013-01-01', 1],
        ['2013-02-01', null],
        ['2013-03-01', 8],
      ],
      chart: {
        kind: 'line',
        title: 'T',
        x: { column: 'm', label: 'Month' },
        y: [{ column: 'flights', label: 'Flights' }],
      },
    })
    expect(renderChart(line, style)).toBe('▁ █\nJan 2013 – Mar 2013, 1 to 8')
  })

  it('shows words without their escapes', () => {
    expect(renderAnswer(answer({}), style)).toMatch(/^Two: JFK and LGA\.\n/)
  })

  it('says how to go on when it asks back', () => {
    const text = renderAnswer(
      answer({
        status: 'clarify',
        text: 'Which delay?',
        clarification: {
          prompt: 'Which delay?',
          choices: [
            { id: 'dep', label: 'Departure' },
            { id: 'arr', label: 'Arrival' },
          ],
        },
      }),
      style,
    )
    expect(text).toContain('dep  Departure')
    expect(text).toContain('plumbline ask --thread t --choice dep')
  })

  it('says what is too much and how to ask for approval [budget.approval]', () => {
    const text = renderAnswer(
      answer({
        status: 'approval',
        text: 'This would read about 113 billion rows; your budget is 50 million rows (rule analysts-scan).',
        approval: {
          id: 'a1',
          figure: 'scanRows',
          value: 1.1e11,
          limit: 5e7,
          rules: ['analysts-scan'],
          estimate: { rows: 1.1e11, unit: 'rows', source: 'explain', exact: false },
          sql: 'SELECT\n  count(*)\u001b[2J',
          hint: '',
          expiresAt: '2026-03-02T12:30:00.000Z',
        },
      }),
      style,
    )
    expect(text).toContain('113 billion rows')
    expect(text).toContain('until 2026-03-02 12:30 UTC with: plumbline approvals request a1')
    expect(text).toContain('  SELECT\n    count(*)')
    expect(text).not.toContain('\u001b')
  })

  it('lets no control character of the data reach the terminal [safety.escape]', () => {
    const evil = '\u001b[2Jgone\u0007\u202e'
    const text = renderAnswer(
      answer({
        text: evil,
        rows: [
          [evil, 1],
          ['b', 2],
        ],
        columns: [{ ...origin, label: evil }, flights],
        suggestions: [evil],
      }),
      style,
    )
    for (const char of ['\u001b', '\u0007', '\u202e']) expect(text).not.toContain(char)
    expect(text).toContain('gone')
  })
})
