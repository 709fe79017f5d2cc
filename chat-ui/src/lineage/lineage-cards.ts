import type { LineageGraph } from '@plumbline/tools/contract'

/** A box of the picture: a table with its columns, the query, or the result with its columns. */
export interface LineageCard {
  readonly id: string
  readonly kind: 'table' | 'query' | 'result'
  readonly title: string
  readonly rows: readonly LineageRow[]
}
export interface LineageRow {
  /** Id of the node of the graph. */
  readonly id: string
  readonly label: string
  /** Whether its values go into the result; the others only decide about rows. */
  readonly feeds: boolean
}
/** A line between two rows, or a row and a whole card. */
export interface LineageLink {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly kind: 'feeds' | 'decides'
}
export interface LineagePicture {
  readonly cards: readonly LineageCard[]
  readonly links: readonly LineageLink[]
}

/**
 * What is drawn of a graph: a card a table, a card "which rows" for what only decides, a card for the result. What has no
 * column of its own (a table that is only counted) leads from its card. Columns that nothing comes of are left out.
 */
export function lineageCards(graph: LineageGraph): LineagePicture {
  const feeding = new Set(graph.edges.filter((edge) => edge.kind === 'feeds').map((edge) => edge.from))
  const used = new Set(
    graph.edges.filter((edge) => edge.kind === 'feeds' || edge.kind === 'influences').map((edge) => edge.from),
  )
  const tables = graph.nodes.flatMap((table): LineageCard[] => {
    if (table.kind !== 'table') return []
    const rows = graph.nodes.flatMap((node) =>
      node.kind === 'column' && node.table === table.id && used.has(node.id)
        ? [{ id: node.id, label: node.label, feeds: feeding.has(node.id) }]
        : [],
    )
    return [{ id: table.id, kind: 'table', title: table.label, rows }]
  })
  const results = graph.nodes.flatMap((node) =>
    node.kind === 'result' ? [{ id: node.id, label: node.label, feeds: true }] : [],
  )
  const answer = graph.nodes.find((node) => node.kind === 'answer')
  const query = graph.nodes.find((node) => node.kind === 'query')
  const decides = graph.edges.filter((edge) => edge.kind === 'influences' || edge.kind === 'reads')
  const links: LineageLink[] = graph.edges.flatMap((edge): LineageLink[] => {
    const link = { id: `${edge.kind} ${edge.from} ${edge.to}`, from: edge.from, to: edge.to }
    if (edge.kind === 'feeds') return [{ ...link, kind: 'feeds' }]
    return edge.kind === 'influences' || edge.kind === 'reads' ? [{ ...link, kind: 'decides' }] : []
  })
  const resultId = answer?.id ?? 'result'
  if (query && decides.length > 0)
    links.push({ id: `gives ${query.id}`, from: query.id, to: resultId, kind: 'decides' })
  return {
    cards: [
      ...tables,
      ...(query && decides.length > 0 ? [{ id: query.id, kind: 'query' as const, title: 'Which rows', rows: [] }] : []),
      { id: resultId, kind: 'result', title: 'The answer', rows: results },
    ],
    links,
  }
}

/** Everything that a row or a card leads to or comes from, itself among them; and the links on the way. */
export function lineagePath(picture: LineagePicture, id: string): { nodes: Set<string>; links: Set<string> } {
  const nodes = new Set([id])
  const links = new Set<string>()
  const follow = (at: string, near: 'from' | 'to', far: 'from' | 'to') => {
    for (const link of picture.links) {
      if (link[near] !== at || links.has(link.id)) continue
      links.add(link.id)
      nodes.add(link[far])
      follow(link[far], near, far)
    }
  }
  follow(id, 'from', 'to')
  follow(id, 'to', 'from')
  return { nodes, links }
}
