import type { Catalog, ImpactedItem, ImpactReport, Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type MayKnow, useOf } from '@plumbline/tools/lineage'
import type { State } from '../state/index.ts'
import type { Assistant } from './assistant.ts'

/** Items of a report at most. */
const MOST = 500

export interface ImpactParts {
  readonly lineage: State['lineage']
  readonly assistant: Pick<Assistant, 'catalog' | 'verifiedLineage'>
}

export interface ImpactQuestion {
  readonly source: string
  readonly table: string
  readonly column: string | null
}

/**
 * What breaks when a table or a column goes: verified queries and saved answers that use it, of answers only the person's own
 * unless `all`. @throws NOT_FOUND for what the person may not see, as for what does not exist
 */
export async function impactReport(
  { lineage, assistant }: ImpactParts,
  { source, table, column }: ImpactQuestion,
  { principal, all }: { readonly principal: Principal; readonly all: boolean },
): Promise<ImpactReport> {
  const known = mayKnow(await assistant.catalog(principal), source)(table, column ?? undefined)
  if (!known) throw new AppError('NOT_FOUND', `There is no ${column === null ? 'table' : 'column'} of this name.`)
  const reader = { principalId: principal.id, all }
  const [verified, answers] = await Promise.all([
    assistant.verifiedLineage(principal),
    lineage.impact({ source, table, column }, reader, MOST + 1),
  ])
  const queries = verified.flatMap((query): ImpactedItem[] => {
    const use = query.source === source ? useOf(query.lineage, table, column) : null
    if (!use) return []
    return [{ kind: 'verified-query', id: query.question, title: query.question, owner: null, ...use }]
  })
  const items = [...queries, ...answers]
  const truncated = items.length > MOST
  return { source, table, column, items: items.slice(0, MOST), truncated, scope: all ? 'all' : 'own' }
}

/** Whether a person knows of a table or a column of `source`: it is in the catalog as they see it. */
export function mayKnow(catalog: Catalog, source: string): MayKnow {
  const tables = catalog.sources.find((one) => one.name === source)?.tables ?? []
  const known = new Map(
    tables.map(({ name, columns }) => [
      name.toLowerCase(),
      new Set(columns.map((column) => column.name.toLowerCase())),
    ]),
  )
  return (table, column) => {
    const columns = known.get(table.toLowerCase())
    return columns !== undefined && (column === undefined || columns.has(column.toLowerCase()))
  }
}
