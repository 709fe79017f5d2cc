import type { GateApplied, SqlDialect } from '@plumbline/native'
import type { Opinion, TableReference } from './opinion.ts'
import { tableKey } from './table-key.ts'

/** The name that the gate gives to a table behind its filter and masks. */
const BEHIND_RULES = /^base_*$/i

type Read = Extract<Opinion, { kind: 'query' }>

/**
 * Whether every place where a table with rules stands in what was asked is behind those rules in what runs, as the second
 * parser sees both.
 */
export function governedEverywhere(
  applied: readonly GateApplied[],
  dialect: SqlDialect,
  asked: Read,
  runs: Read,
): boolean {
  const missing = new Set(asked.tables.map((table) => tableKey(table, dialect)))
  for (const table of runs.tables) missing.delete(tableKey(table, dialect))
  if (missing.size > 0) return false
  const byName = Map.groupBy(applied, ({ table }) => lastPart(table))
  return [...byName].every(([name, rules]) => {
    const named = (table: TableReference) => table.name.toLowerCase() === name
    const before = asked.tables.filter(named)
    // Another table of this name has no rules: which of them stands where, names do not tell.
    if (new Set(before.map((table) => tableKey(table, dialect))).size > rules.length) return true
    // Whoever gives a table this name himself could pass for governed.
    if (before.some(behindRules)) return false
    return runs.tables.filter((table) => named(table) && behindRules(table)).length >= before.length
  })
}

const behindRules = ({ alias }: TableReference) => alias !== undefined && BEHIND_RULES.test(alias)
const lastPart = (path: string) => path.slice(path.lastIndexOf('.') + 1).toLowerCase()
