import type { SqlDialect } from '@plumbline/native'
import type { NamedTable, Opinion } from './opinion.ts'
import { tableKey } from './table-key.ts'

/** Where the two parsers differ. A table that only one of them sees is named. */
export interface Disagreement {
  readonly kind: Opinion['kind']
  readonly onlyFirst: readonly string[]
  readonly onlySecond: readonly string[]
  readonly error?: string
}

/** Whether both parsers take a text for a query and see the same tables in it: null when they do. */
export function disagreement(
  tables: readonly NamedTable[],
  opinion: Opinion,
  dialect: SqlDialect,
): Disagreement | null {
  if (opinion.kind !== 'query') return { kind: opinion.kind, onlyFirst: [], onlySecond: [], error: opinion.error }
  const first = new Set(tables.map((table) => tableKey(table, dialect)))
  const second = new Set(opinion.tables.map((table) => tableKey(table, dialect)))
  const onlyFirst = [...first.difference(second)]
  const onlySecond = [...second.difference(first)]
  return onlyFirst.length + onlySecond.length === 0 ? null : { kind: 'query', onlyFirst, onlySecond }
}
