import type { SqlVerdict } from '@plumbline/native'
import { expect } from 'vitest'

/**
 * Fails unless both verdicts print the same of the same tables. What is mended (`t AT (…) AS a`) has its alias and its columns
 * in another place of the print than of the text.
 */
export function expectSameVerdict(verdict: SqlVerdict, first: SqlVerdict): void {
  const mended = first.allowed && /\(SELECT \* FROM /.test(first.sql)
  expect(mended ? comparable(verdict) : verdict).toEqual(mended ? comparable(first) : first)
}

function comparable(verdict: SqlVerdict): unknown {
  if (!verdict.allowed) return verdict
  const tables = new Set(verdict.tables.map(({ catalog, schema, name }) => [catalog, schema, name].join('.')))
  return { ...verdict, tables, columns: verdict.columns.filter((column) => column !== '*') }
}
