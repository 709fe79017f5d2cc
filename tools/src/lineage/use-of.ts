import type { ColumnRef, ImpactedItem, QueryLineage } from '../contract/index.ts'

/** How a query uses a table or a column. */
export type Use = Pick<ImpactedItem, 'use' | 'columns' | 'exact'>

/** How `lineage` uses a column, or without one a whole table; null: not at all. Names are compared in any case. */
export function useOf(lineage: QueryLineage, table: string, column: string | null): Use | null {
  const isTable = (name: string) => name.toLowerCase() === table.toLowerCase()
  const isIt = (of: ColumnRef) =>
    isTable(of.table) && (column === null || of.column.toLowerCase() === column.toLowerCase())
  const fed = lineage.columns.filter((result) => result.from.some(isIt))
  if (fed.length > 0) {
    return { use: 'feeds', columns: fed.map((result) => result.column), exact: fed.some((result) => result.exact) }
  }
  const { exact } = lineage
  if (lineage.influences.some(isIt)) return { use: 'influences', columns: [], exact }
  const named = lineage.tables.find(({ name }) => isTable(name))
  const reads = named && (column === null || named.columns.some((name) => isIt({ table, column: name })))
  return reads ? { use: 'reads', columns: [], exact } : null
}
