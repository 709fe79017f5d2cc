import type { SqlDialect } from '@plumbline/native'
import type { NamedTable, Opinion } from './opinion.ts'

/** Where the two parsers differ: null when they do not. A table that only one of them sees is named. */
export interface Disagreement {
  readonly kind: Opinion['kind']
  readonly onlyFirst: readonly string[]
  readonly onlySecond: readonly string[]
  readonly error?: string
}

/**
 * Whether both parsers take a text for a query and see the same tables in it. Case counts only in MySQL: the others compare
 * names without quotes in one case, and the first parser does not say which had quotes.
 */
export function disagreement(
  tables: readonly NamedTable[],
  opinion: Opinion,
  dialect: SqlDialect,
): Disagreement | null {
  if (opinion.kind !== 'query') return { kind: opinion.kind, onlyFirst: [], onlySecond: [], error: opinion.error }
  const first = new Set(tables.map((table) => keyOf(table, dialect)))
  const second = new Set(opinion.tables.map((table) => keyOf(table, dialect)))
  const onlyFirst = [...first.difference(second)]
  const onlySecond = [...second.difference(first)]
  return onlyFirst.length + onlySecond.length === 0 ? null : { kind: 'query', onlyFirst, onlySecond }
}

function keyOf({ catalog, schema, name }: NamedTable, dialect: SqlDialect): string {
  const parts = [catalog, schema, name].map((part) => JSON.stringify(part ?? null)).join('.')
  return dialect === 'mysql' ? parts : parts.toLowerCase()
}
