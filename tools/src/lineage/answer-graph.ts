import type { ColumnRef, LineageEdge, LineageGraph, LineageNode, QueryLineage } from '../contract/index.ts'

/** An answer with where its values come from. */
export interface TracedAnswer {
  readonly id: string
  readonly threadId: string
  readonly question: string
  readonly source: string
  /** Null when it is not for the reader: somebody else's, whose literals may be values that the reader may not see. */
  readonly sql: string | null
  readonly lineage: QueryLineage
}

/** Whether the reader of the graph may know of a table, or of a column of it. */
export type MayKnow = (table: string, column?: string) => boolean

const withheld = (why: string) => `-- withheld: ${why}`

/**
 * The graph of one answer, from its tables on the left to itself on the right. What its reader may not know is not in it, nor
 * the SQL that names it.
 */
export function answerGraph(answer: TracedAnswer, mayKnow: MayKnow = () => true): LineageGraph {
  const { source, lineage } = answer
  const nodes = new Map<string, LineageNode>()
  const edges: LineageEdge[] = []
  const query = `query:${answer.id}`
  const known = (of: ColumnRef) => mayKnow(of.table, of.column)
  const tables = tablesOf(lineage)
  const all = [...tables].every(([table, columns]) => mayKnow(table) && columns.every((c) => mayKnow(table, c)))

  for (const [table, columns] of tables) {
    if (!mayKnow(table)) continue
    const id = tableId(table)
    nodes.set(id, { kind: 'table', id, label: table, source })
    const shown = columns.filter((column) => mayKnow(table, column))
    if (columns.length === 0) edges.push({ from: id, to: query, kind: 'reads' })
    for (const column of shown) {
      const columnNode = columnId({ table, column })
      nodes.set(columnNode, { kind: 'column', id: columnNode, label: column, table: id })
      edges.push({ from: id, to: columnNode, kind: 'holds' })
    }
  }
  const sql = all ? (answer.sql ?? withheld('it is somebody else’s')) : withheld('it names what you may not see')
  nodes.set(query, { kind: 'query', id: query, label: source, source, sql })
  for (const of of lineage.influences.filter(known)) edges.push({ from: columnId(of), to: query, kind: 'influences' })
  lineage.columns.forEach(({ column, from, exact }, place) => {
    const id = `result:${answer.id}:${place}`
    // A result is called as its column is, or as somebody who knew it called it.
    const label = all || (from.length > 0 && from.every(known)) ? column : `column ${place + 1}`
    nodes.set(id, { kind: 'result', id, label, exact })
    edges.push({ from: query, to: id, kind: 'gives' })
    for (const of of from.filter(known)) edges.push({ from: columnId(of), to: id, kind: 'feeds' })
    edges.push({ from: id, to: answer.id, kind: 'shows' })
  })
  const { threadId } = answer
  nodes.set(answer.id, { kind: 'answer', id: answer.id, label: answer.question, threadId })
  return { nodes: [...nodes.values()], edges }
}

const tableId = (table: string) => `table:${table}`
const columnId = ({ table, column }: ColumnRef) => `column:${JSON.stringify([table, column])}`

/** Every table with its used columns, in the order of the query. */
function tablesOf({ tables, columns, influences }: QueryLineage): Map<string, string[]> {
  const found = new Map(tables.map(({ name, columns }) => [name, [...columns]]))
  for (const { table, column } of [...columns.flatMap((result) => result.from), ...influences]) {
    const own = found.get(table) ?? []
    if (!own.includes(column)) own.push(column)
    found.set(table, own)
  }
  return found
}
