import type { PolicyDocument, Principal } from '@plumbline/tools/contract'
import { resolveAccess, type SourceAccess, visibleColumns, visibleTables } from '@plumbline/tools/governance'
import { Lru } from '@plumbline/tools/lru'
import { createGate, type Gate } from '@plumbline/tools/sql'
import type { Connection } from './connection.ts'
import type { WarehouseTable } from './warehouse.ts'

/** A table as one person sees it. */
export interface SeenTable extends WarehouseTable {
  /** Rows are hidden, so what the system knows of the whole table (its row count) is not theirs. */
  readonly filtered: boolean
  /** Columns, as the table writes them, whose values are masked. */
  readonly masked: ReadonlySet<string>
}

/** What one person may see of a connection, ready to check their queries. */
export interface Access {
  readonly source: SourceAccess
  readonly gate: Gate
  readonly tables: readonly SeenTable[]
  /** The secret of its hash masks, which may not be shown; null when it has none. */
  readonly hashSalt: string | null
}

interface Known {
  readonly policies: PolicyDocument | null
  readonly tables: readonly WarehouseTable[]
  readonly byFingerprint: Lru<Promise<Access>>
}

const known = new WeakMap<Connection, Known>()
/** Sets of rules whose gate is kept. */
const MAX_KEPT = 500

/**
 * The access of a principal under the rules in force. Made once for all who see the same; a new version of the rules or another
 * list of tables makes all of it anew.
 */
export async function accessOf(connection: Connection, principal: Principal): Promise<Access> {
  const tables = await connection.capabilities.warehouse.list()
  const policies = await connection.governance.policies()
  let kept = known.get(connection)
  if (kept?.policies !== policies || kept.tables !== tables) {
    kept = { policies, tables, byFingerprint: new Lru(MAX_KEPT) }
    known.set(connection, kept)
  }
  const source = resolveAccess(policies, principal, connection.definition.name)
  const shared = await kept.byFingerprint.remember(source.fingerprint, () =>
    makeAccess(connection, principal, source, tables),
  )
  // Two people who see the same may have different budgets.
  return { ...shared, source }
}

/** The access of one person under given rules, without keeping it. @throws POLICY_INVALID when a rule is not valid SQL here */
export async function makeAccess(
  connection: Connection,
  principal: Principal,
  source: SourceAccess,
  all: readonly WarehouseTable[],
): Promise<Access> {
  const seen = visibleTables(source, all).map(({ table, access }) => {
    const columns = visibleColumns(access, table.columns)
    return { table, access, columns }
  })
  const hashes = seen.some(({ columns }) => columns.some(({ mask }) => mask?.mask.kind === 'hash'))
  const hashSalt = hashes ? await connection.governance.hashSalt() : null
  const gate = createGate({
    dialect: connection.definition.dialect,
    principal,
    ...(hashSalt === null ? {} : { hashSalt }),
    tables: seen.map(({ table, access, columns }) => ({
      name: table.name,
      columns: table.columns.map((column) => {
        const visible = columns.find((one) => one.column === column)
        const { name, type, native } = column
        const known = { name, type, ...(native === undefined ? {} : { native }) }
        return visible ? { ...known, ...(visible.mask ? { mask: visible.mask.mask } : {}) } : { ...known, denied: true }
      }),
      filters: access.filters.map(({ id, sql }) => ({ id, sql })),
    })),
  })
  const tables = seen.map(({ table, access, columns }): SeenTable => {
    const filtered = access.filters.length > 0
    const { rowCount, ...rest } = table
    return {
      ...rest,
      ...(rowCount === undefined || filtered ? {} : { rowCount }),
      columns: columns.map(({ column }) => column),
      filtered,
      masked: new Set(columns.flatMap(({ column, mask }) => (mask ? [column.name] : []))),
    }
  })
  return { source, gate, tables, hashSalt }
}
