import { binding } from './load.ts'
import { toNativeError } from './native-error.ts'
import type { SqlDialect, SqlRefusalCode } from './sql.ts'

/** A column of a table. */
export interface LineageRef {
  readonly table: string
  readonly column: string
}

/** What one result column is made of. */
export interface LineageColumn {
  /** `*` stands for the columns of a table that is not known. */
  readonly column: string
  readonly from: readonly LineageRef[]
  /** False where the query could not be followed whole: `from` may then hold too much, never too little. */
  readonly exact: boolean
}

export interface SqlLineage {
  /** In the order of the result. */
  readonly columns: readonly LineageColumn[]
  /** Columns that decide which rows there are and how they are grouped, joined and ordered. */
  readonly influences: readonly LineageRef[]
  /** Every table that is read, with exactly those of its columns that are used. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** Names that stand for no column, at most 20: as written, the nearest that is known, and where it was looked for. */
  readonly unknown: readonly { readonly name: string; readonly nearest?: string; readonly within?: string }[]
  readonly exact: boolean
}

export interface LineageTable {
  /** What the result calls it. */
  readonly name: string
  /** Catalog and schema where they are known, then the name; `name` taken apart at its dots unless given. */
  readonly path?: readonly string[]
  readonly columns: readonly string[]
}

export type LineageVerdict =
  | { readonly read: true; readonly lineage: SqlLineage }
  | { readonly read: false; readonly code: SqlRefusalCode; readonly reason: string; readonly part: string }

/**
 * Column lineage of one query, of any syntax that the parser reads. Of tables that are not among `tables` the columns are
 * those that the query names. Text that is no query is a verdict; throws NativeError only for an unknown dialect.
 */
export function sqlLineage(sql: string, dialect: SqlDialect, tables: readonly LineageTable[]): LineageVerdict {
  try {
    const known = tables.map(({ name, path = name.split('.'), columns }) => ({
      name,
      path: [...path],
      columns: [...columns],
    }))
    const { lineage, code = 'SQL_PARSE_ERROR', reason = '', part = '' } = binding.sqlLineage(sql, dialect, known)
    return lineage ? { read: true, lineage } : { read: false, code: code as SqlRefusalCode, reason, part }
  } catch (cause) {
    throw toNativeError(cause)
  }
}
