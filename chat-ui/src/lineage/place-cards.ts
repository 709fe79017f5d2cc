import { Graph, layout } from '@dagrejs/dagre'
import type { LineageCard, LineagePicture } from './lineage-cards.ts'

export const HEAD = 38
export const ROW = 28
const WIDTH = { table: 192, query: 112, result: 216 } as const

export interface PlacedCard extends LineageCard {
  /** Upper left corner, in pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface PlacedLink {
  readonly id: string
  readonly kind: 'feeds' | 'decides'
  /** SVG path. */
  readonly path: string
}
export interface Placed {
  readonly cards: readonly PlacedCard[]
  readonly links: readonly PlacedLink[]
  readonly width: number
  readonly height: number
}

interface Point {
  readonly x: number
  readonly y: number
}

const heightOf = (card: LineageCard) => HEAD + card.rows.length * ROW + (card.rows.length > 0 ? 8 : 0)

/** Places the cards from left to right with dagre and draws the links between their rows around what lies between. */
export function placeCards({ cards, links }: LineagePicture): Placed {
  const graph = new Graph({ multigraph: false })
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 64, marginx: 4, marginy: 4 })
  graph.setDefaultEdgeLabel(() => ({}))
  const owner = new Map(
    cards.flatMap((card) => [[card.id, card], ...card.rows.map((row) => [row.id, card] as const)] as const),
  )
  for (const card of cards) graph.setNode(card.id, { width: WIDTH[card.kind], height: heightOf(card) })
  for (const { from, to } of links) {
    const [a, b] = [owner.get(from), owner.get(to)]
    if (a && b && a.id !== b.id) graph.setEdge(a.id, b.id)
  }
  layout(graph)
  const placed = cards.map((card): PlacedCard => {
    const { x, y, width, height } = graph.node(card.id) as { x: number; y: number; width: number; height: number }
    return { ...card, x: x - width / 2, y: y - height / 2, width, height }
  })
  const at = new Map(placed.map((card) => [card.id, card]))

  const port = (id: string, side: 'left' | 'right'): Point => {
    const card = at.get(owner.get(id)?.id ?? '') as PlacedCard
    const row = card.rows.findIndex((one) => one.id === id)
    return {
      x: card.x + (side === 'right' ? card.width : 0),
      y: card.y + (row < 0 ? HEAD / 2 : HEAD + row * ROW + ROW / 2),
    }
  }
  const drawn = links.flatMap((link): PlacedLink[] => {
    const [a, b] = [owner.get(link.from), owner.get(link.to)]
    if (!a || !b || a.id === b.id) return []
    const [start, end] = [port(link.from, 'right'), port(link.to, 'left')]
    // Dagre bends a line also between neighbours; only where it passes other cards must it be where dagre puts it.
    const bends = (graph.edge(a.id, b.id) as { points?: Point[] }).points ?? []
    const between = bends.flatMap(({ x, y }): Point[] => {
      const passed = placed.find(
        (card) => card.id !== a.id && card.id !== b.id && x > card.x && x < card.x + card.width,
      )
      if (!passed || x <= start.x || x >= end.x) return []
      return [
        { x: passed.x - 8, y },
        { x: passed.x + passed.width + 8, y },
      ]
    })
    return [{ id: link.id, kind: link.kind, path: smooth([start, ...between, end]) }]
  })
  const size = graph.graph() as { width?: number; height?: number }
  return { cards: placed, links: drawn, width: size.width ?? 0, height: size.height ?? 0 }
}

/** Curves that leave and reach each point on the level. */
function smooth(points: readonly Point[]): string {
  const round = (value: number) => Math.round(value * 10) / 10
  return points
    .map((point, i) => {
      if (i === 0) return `M${round(point.x)} ${round(point.y)}`
      const before = points[i - 1] as Point
      const middle = round((before.x + point.x) / 2)
      return `C${middle} ${round(before.y)} ${middle} ${round(point.y)} ${round(point.x)} ${round(point.y)}`
    })
    .join('')
}
