import type { QueryResult } from '@plumbline/tools/contract'
import { type GovernedQuery, toQueryLineage } from '@plumbline/tools/sql'

/**
 * Where the columns of a result come from, under the names that the system gave them: it alone knows what a column without an
 * alias is called.
 */
export function resultLineage(
  query: Pick<GovernedQuery, 'lineage'>,
  result: readonly { readonly name: string }[],
): Pick<QueryResult, 'tables' | 'lineage' | 'influences'> {
  const { columns, influences, tables } = toQueryLineage(query.lineage)
  const inOrder = columns.length === result.length
  const lineage = columns.map((column, place) => ({
    ...column,
    column: (inOrder ? result[place]?.name : undefined) ?? column.column,
  }))
  return { tables, lineage, influences }
}
