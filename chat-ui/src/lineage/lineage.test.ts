import { LineageGraph } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import { lineageCards, lineagePath } from './lineage-cards.ts'
import { placeCards } from './place-cards.ts'

const graph = LineageGraph.parse({
  nodes: [
    { id: 't1', kind: 'table', label: 'flights', source: 'air' },
    { id: 't2', kind: 'table', label: 'airlines', source: 'air' },
    { id: 'c1', kind: 'column', label: 'dep_delay', table: 't1' },
    { id: 'c2', kind: 'column', label: 'origin', table: 't1' },
    { id: 'c3', kind: 'column', label: 'name', table: 't2' },
    { id: 'c4', kind: 'column', label: 'of no use', table: 't2' },
    { id: 'q', kind: 'query', label: 'Query', source: 'air', sql: 'SELECT 1' },
    { id: 'r1', kind: 'result', label: 'airline', exact: true },
    { id: 'r2', kind: 'result', label: 'delay', exact: true },
    { id: 'a', kind: 'answer', label: 'delay by airline', threadId: 't' },
  ],
  edges: [
    { from: 't1', to: 'c1', kind: 'holds' },
    { from: 'c1', to: 'r2', kind: 'feeds' },
    { from: 'c3', to: 'r1', kind: 'feeds' },
    { from: 'c2', to: 'q', kind: 'influences' },
    { from: 't2', to: 'q', kind: 'reads' },
    { from: 'q', to: 'r1', kind: 'gives' },
    { from: 'r1', to: 'a', kind: 'shows' },
  ],
})
const picture = lineageCards(graph)

describe('the picture of a lineage', () => {
  it('has a card a table, one for what chooses rows, and one for the answer', () => {
    expect(picture.cards.map((card) => [card.title, card.rows.map((row) => row.label)])).toEqual([
      ['flights', ['dep_delay', 'origin']],
      ['airlines', ['name']],
      ['Which rows', []],
      ['The answer', ['airline', 'delay']],
    ])
    expect(picture.cards[0]?.rows.map((row) => row.feeds)).toEqual([true, false])
    expect(picture.links.map((link) => `${link.from} ${link.kind} ${link.to}`)).toEqual([
      'c1 feeds r2',
      'c3 feeds r1',
      'c2 decides q',
      't2 decides q',
      'q decides a',
    ])
  })

  it('leaves out the card of what chooses rows where nothing does', () => {
    const edges = graph.edges.filter((edge) => edge.kind === 'feeds')
    expect(lineageCards({ ...graph, edges }).cards.map((card) => card.kind)).toEqual(['table', 'table', 'result'])
  })

  it('follows a row both ways and no further', () => {
    expect([...lineagePath(picture, 'c1').nodes]).toEqual(['c1', 'r2'])
    expect([...lineagePath(picture, 'r1').nodes]).toEqual(['r1', 'c3'])
    expect([...lineagePath(picture, 'c2').nodes]).toEqual(['c2', 'q', 'a'])
  })

  it('puts tables left of what they feed, and no card over another', () => {
    const { cards, links, width, height } = placeCards(picture)
    const [flights, airlines, , answer] = cards
    if (!flights || !airlines || !answer) throw new Error('a card is missing')
    expect(flights.x + flights.width).toBeLessThan(answer.x)
    for (const one of cards)
      for (const other of cards)
        if (one !== other)
          expect(
            one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y,
          ).toBe(true)
    expect(Math.max(...cards.map((card) => card.x + card.width))).toBeLessThanOrEqual(width)
    expect(Math.max(...cards.map((card) => card.y + card.height))).toBeLessThanOrEqual(height)
    expect(links).toHaveLength(5)
    for (const link of links) expect(link.path).toMatch(/^M[\d. -]+(C[\d. -]+)+$/)
  })

  it('draws a graph without columns', () => {
    const { cards } = placeCards(lineageCards({ nodes: [], edges: [] }))
    expect(cards.map((card) => card.kind)).toEqual(['result'])
  })
})
