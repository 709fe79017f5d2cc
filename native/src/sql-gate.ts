import type { SqlLineage } from './lineage.ts'
import { type BindingGate, type BindingGateVerdict, type BindingLiteral, binding } from './load.ts'
import { toNativeError } from './native-error.ts'
import type { SqlDialect, SqlRefusalCode } from './sql.ts'

export type GateColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'json'

export type GateScalar = string | number | boolean

/**
 * What stands in place of a value. `partial` and `hash` make text of every type; where the type or the system has no such mask
 * (a `unit` on text, a hash in SQLite) the mask is NULL. That a value is NULL shows through `hash`, `partial` and `bucket`.
 */
export type GateMask =
  | { readonly kind: 'null' }
  | { readonly kind: 'hash' }
  | { readonly kind: 'partial'; readonly keepFirst?: number | undefined; readonly keepLast?: number | undefined }
  | {
      readonly kind: 'bucket'
      readonly size?: number | undefined
      readonly unit?: 'day' | 'week' | 'month' | 'quarter' | 'year' | undefined
    }
  | { readonly kind: 'constant'; readonly value: GateScalar }

export interface GateColumn {
  readonly name: string
  readonly type: GateColumnType
  /** The type as the system writes it, such as `VARCHAR`: lets queries that compare texts run without a barrier. */
  readonly native?: string
  readonly mask?: GateMask
  /** The column does not exist for this person. */
  readonly denied?: boolean
}

/** Names as the system's catalog writes them; without a schema it is the one that plain names are looked up in. */
export interface GateTable {
  readonly catalog?: string
  readonly schema?: string
  readonly name: string
  /** In the order of the table. */
  readonly columns: readonly GateColumn[]
  /** Conditions that all must hold, in the dialect of the source. */
  readonly filters?: readonly { readonly id: string; readonly sql: string }[]
}

export interface GatePrincipal {
  readonly id: string
  readonly roles: readonly string[]
  readonly attributes: Readonly<Record<string, GateScalar | readonly (string | number)[]>>
}

export interface GateOptions {
  readonly dialect: SqlDialect
  /** The tables the person may read; null: any table, and no policy (a linter knows neither). */
  readonly tables: readonly GateTable[] | null
  /** Without it every filter that names `:principal` lets no row through. */
  readonly principal?: GatePrincipal
  /** Goes before every value that is hashed; keep it secret. */
  readonly hashSalt?: string
}

export interface GateUsedTable {
  readonly catalog?: string
  readonly schema?: string
  readonly name: string
  /** Columns the query takes of it; one that may be of two tables counts for both. Empty without known tables. */
  readonly columns: readonly string[]
}

export interface GateApplied {
  readonly table: string
  /** Ids of the row filters. */
  readonly filters: readonly string[]
  /** Masked columns that the query takes. */
  readonly masked: readonly string[]
}

export type GateVerdict =
  | {
      readonly allowed: true
      /** What runs: printed from the checked and governed tree. */
      readonly sql: string
      /** The same before policies; equal to `sql` when none apply. It holds no policy and no salt, and may be shown. */
      readonly asked: string
      readonly tables: readonly GateUsedTable[]
      /** Column names as written, without qualifier; `*` when all columns of something are taken. */
      readonly columns: readonly string[]
      readonly functions: readonly string[]
      readonly applied: readonly GateApplied[]
      /** Of the query as asked. */
      readonly lineage: SqlLineage
    }
  | {
      readonly allowed: false
      readonly code: SqlRefusalCode
      /** A sentence for the person who asked. */
      readonly reason: string
      /** The part that is refused, at most 120 characters. */
      readonly part: string
    }

/**
 * The gate of one person to one source: proves a query read-only, and puts row filters and masks into its tree at every
 * table. Policies are compiled once. The constructor throws NativeError OPTION_INVALID, which names the policy that is wrong.
 */
export class SqlGate {
  readonly #gate: BindingGate

  constructor(options: GateOptions) {
    const { dialect, tables, principal, hashSalt = '' } = options
    try {
      this.#gate = new binding.SqlGate({
        dialect,
        facts: principal ? factsOf(principal) : [],
        salt: hashSalt,
        ...(tables ? { tables: tables.map(bindingTable) } : {}),
      })
    } catch (cause) {
      throw toNativeError(cause)
    }
  }

  /** With `maxRows` what runs brings at most one row more, so that a cut can be seen. Bad SQL is a verdict. */
  check(sql: string, maxRows?: number): GateVerdict {
    const verdict = this.#ask(sql, maxRows)
    if (verdict.sql === undefined || verdict.asked === undefined || verdict.lineage === undefined) {
      const { code = 'SQL_PARSE_ERROR', reason = 'The SQL can not be read.', part = '' } = verdict
      return { allowed: false, code: code as SqlRefusalCode, reason, part }
    }
    const { asked, tables, columns, functions, applied, lineage } = verdict
    return { allowed: true, sql: verdict.sql, asked, tables, columns, functions, applied, lineage }
  }

  #ask(sql: string, maxRows?: number): BindingGateVerdict {
    try {
      return this.#gate.check(sql, maxRows)
    } catch (cause) {
      throw toNativeError(cause)
    }
  }
}

function factsOf({ id, roles, attributes }: GatePrincipal) {
  // `id` and `roles` are who the person is: no attribute of that name may stand for them.
  return Object.entries({ ...attributes, id, roles }).map(([name, value]) => ({
    name,
    list: Array.isArray(value),
    values: (Array.isArray(value) ? value : [value]).map(literal),
  }))
}

const literal = (value: GateScalar): BindingLiteral => ({ kind: typeof value, text: String(value) })

function bindingTable({ catalog, schema, name, columns, filters = [] }: GateTable) {
  return {
    name,
    ...(catalog === undefined ? {} : { catalog }),
    ...(schema === undefined ? {} : { schema }),
    columns: columns.map(({ name, type, native, mask, denied = false }) => ({
      name,
      type,
      denied,
      ...(native === undefined ? {} : { native }),
      ...(mask ? { mask: bindingMask(mask) } : {}),
    })),
    filters: filters.map(({ id, sql }) => ({ id, sql })),
  }
}

function bindingMask(mask: GateMask) {
  switch (mask.kind) {
    case 'null':
    case 'hash':
      return { kind: mask.kind }
    case 'partial':
      return { kind: mask.kind, keepFirst: mask.keepFirst ?? 0, keepLast: mask.keepLast ?? 0 }
    case 'bucket':
      return {
        kind: mask.kind,
        ...(mask.size === undefined ? {} : { size: String(mask.size) }),
        ...(mask.unit === undefined ? {} : { unit: mask.unit }),
      }
    case 'constant':
      return { kind: mask.kind, value: literal(mask.value) }
  }
}
