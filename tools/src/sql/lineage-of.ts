import { type SqlDialect, type SqlLineage, sqlLineage } from '@plumbline/native'
import type { QueryLineage } from '../contract/index.ts'
import { AppError } from '../errors/index.ts'
import { GUARD_CODES } from './guard-codes.ts'

export interface KnownTable {
  /** As the catalog writes it, with its schema where that is not the usual one. */
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
}

/**
 * Column lineage of a query, whether or not it may run here. Columns of tables that are not among `tables` are the ones that
 * the query names. @throws AppError when the text is not one query.
 */
export function lineageOf(sql: string, dialect: SqlDialect, tables: readonly KnownTable[]): QueryLineage {
  const known = tables.map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }))
  const verdict = sqlLineage(sql, dialect, known)
  if (verdict.read) return toQueryLineage(verdict.lineage)
  const { code, reason, part } = verdict
  throw new AppError(GUARD_CODES[code], reason, { data: { part, guardCode: code } })
}

/** As the contract has it: what is not known is null. */
export function toQueryLineage({ columns, influences, tables, unknown, exact }: SqlLineage): QueryLineage {
  return {
    columns: columns.map(({ column, from, exact }) => ({ column, from: [...from], exact })),
    influences: [...influences],
    tables: tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
    unknown: unknown.map(({ name, nearest = null, within = null }) => ({ name, nearest, within })),
    exact,
  }
}
