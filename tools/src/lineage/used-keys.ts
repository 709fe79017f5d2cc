import type { QueryLineage } from '../contract/index.ts'

/** Stands between table and column: no name holds it. Migrations of the state write the same keys. */
const SEPARATOR = '\u001f'

/** What a table or a column is found by, in any case of its letters. */
export function keyOf(table: string, column: string | null): string {
  return (column === null ? table : `${table}${SEPARATOR}${column}`).toLowerCase()
}

/** A key for every table that a query reads and every column that it uses, each once. */
export function usedKeys({ columns, influences, tables }: QueryLineage): string[] {
  const references = [...columns.flatMap((column) => column.from), ...influences]
  const keys = [
    ...tables.flatMap(({ name, columns }) => [keyOf(name, null), ...columns.map((column) => keyOf(name, column))]),
    ...references.flatMap(({ table, column }) => [keyOf(table, null), keyOf(table, column)]),
  ]
  return [...new Set(keys)].sort()
}
