import type { GateColumnType, GateTable } from '@plumbline/native'
import { createGate } from '../create-gate.ts'
import type { Chance } from './chance.ts'
import { makeTables, type TableData, type Type } from './database.ts'
import { expectedCopy, type StoredTable, type System, storedWhole } from './expected.ts'
import { ENTITLED, makePolicy, PRINCIPAL, SALT, type TablePolicy } from './policy.ts'
import { QueryWriter } from './queries.ts'

/** A database, what one person may see of it, and queries. */
export interface Case {
  readonly whole: readonly StoredTable[]
  readonly copy: readonly StoredTable[]
  readonly governed: readonly GateTable[]
  readonly queries: readonly string[]
}

const TYPES: Record<Type, GateColumnType> = {
  int: 'integer',
  number: 'number',
  text: 'string',
  date: 'date',
  bool: 'boolean',
}

export function makeCase(chance: Chance, system: System, queries: number): Case {
  const tables = makeTables(chance)
  const policies = tables.map((table) => makePolicy(table, chance))
  const entitled: TableData = {
    name: 'entitlements',
    columns: [
      { name: 'person', type: 'text' },
      { name: 'k', type: 'int' },
    ],
    rows: ENTITLED,
  }
  const copy = tables.map((table, i) => expectedCopy(table, policies[i] ?? NONE, system))
  const sources = copy.map(({ name, columns }) => ({ alias: name, columns }))
  return {
    whole: [...tables, entitled].map((table) => storedWhole(table, system)),
    copy,
    governed: tables.map((table, i) => governedTable(table, policies[i] ?? NONE, system)),
    queries: Array.from({ length: queries }, () => new QueryWriter(chance, sources).write()),
  }
}

const NONE: TablePolicy = { filters: [], masks: {}, denied: [] }

function governedTable(table: TableData, policy: TablePolicy, system: System): GateTable {
  const stored = storedWhole(table, system)
  return {
    name: table.name,
    columns: stored.columns.map(({ name, type, native }) => ({
      name,
      type: TYPES[type],
      native,
      denied: policy.denied.includes(name),
      ...(policy.masks[name] ? { mask: policy.masks[name] } : {}),
    })),
    filters: policy.filters.map(({ sql }, i) => ({ id: `${table.name}-${i}`, sql })),
  }
}

export function gateOf(tables: readonly GateTable[], system: System) {
  return createGate({ dialect: system, tables, principal: PRINCIPAL, hashSalt: SALT })
}

/** The copy has no policies: its tables are what the person may see. */
export function plainGate(copy: readonly StoredTable[], system: System) {
  const tables = copy.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => ({ name: column.name, type: TYPES[column.type] })),
  }))
  return createGate({ dialect: system, tables })
}
