import { analyzeSql, type SqlDialect, type SqlTable } from '@plumbline/native'
import { AppError } from '../errors/index.ts'
import { GUARD_CODES } from './guard-codes.ts'
import { nearestName } from './nearest-name.ts'
import type { ReadOnlyQuery } from './read-only-query.ts'

export interface ProveOptions {
  readonly dialect: SqlDialect
  /** Rows the caller wants at most. */
  readonly maxRows: number
  /**
   * The tables there are, in lower case, with their schema (`sales.orders`) where it is not the usual one; without it any
   * table is let through (a linter does not know them).
   */
  readonly tables?: ReadonlySet<string>
}

/**
 * The gate: one statement, read-only, allowed functions, known tables; what comes back is printed from the checked tree.
 * Throws AppError with the refused part in `data.part` and the guard's own code in `data.guardCode`.
 */
export function proveReadOnly(sql: string, options: ProveOptions): ReadOnlyQuery {
  const { dialect, maxRows, tables: known } = options
  const verdict = analyzeSql(sql, dialect, maxRows)
  if (!verdict.allowed) {
    const { code, reason, part } = verdict
    throw new AppError(GUARD_CODES[code], reason, { data: { part, guardCode: code } })
  }
  for (const table of verdict.tables) {
    if (known && !isKnown(table, dialect, known)) throw unknownTable(table, known)
  }
  const { sql: printed, tables, columns, functions } = verdict
  return { sql: printed, dialect, tables, columns, functions, maxRows } as unknown as ReadOnlyQuery
}

/** The schema that an unqualified name is looked up in. */
const DEFAULT_SCHEMA: Partial<Record<SqlDialect, string>> = { duckdb: 'main', sqlite: 'main', postgresql: 'public' }

/** `other.flights` is not the `flights` that is known. */
function isKnown({ catalog, schema, name }: SqlTable, dialect: SqlDialect, known: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase()
  const plain = schema === undefined || (catalog === undefined && schema.toLowerCase() === DEFAULT_SCHEMA[dialect])
  return (plain && known.has(lower)) || known.has(dotted({ catalog, schema, name }).toLowerCase())
}

const dotted = ({ catalog, schema, name }: { [K in 'catalog' | 'schema' | 'name']?: string | undefined }) =>
  [catalog, schema, name].filter((part) => part !== undefined).join('.')

function unknownTable(table: SqlTable, known: ReadonlySet<string>): AppError {
  const name = dotted(table)
  const shown = name.slice(0, 80)
  const nearest = nearestName(name, known)
  const some = [...known].slice(0, 10).map((table) => `\`${table}\``)
  const hint = nearest ? `did you mean \`${nearest}\`?` : `there are ${some.join(', ')}.`
  return new AppError('TABLE_UNKNOWN', `Table \`${shown}\` is unknown; ${hint}`, { data: { part: shown } })
}
