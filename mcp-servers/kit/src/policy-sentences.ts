import { visibleColumns } from '@plumbline/tools/governance'
import type { GovernedQuery } from '@plumbline/tools/sql'
import type { Access } from './access.ts'

const MASKED: Record<string, string> = {
  null: 'left out',
  hash: 'shown as a hash',
  partial: 'shown in part',
  bucket: 'rounded',
  constant: 'replaced',
}

/**
 * What the rules did to a query, for its receipt: “Some rows of flights are hidden (own-airport)”. The condition of a filter is
 * not told unless the rule has a description for that: it may name what is hidden.
 */
export function policySentences(access: Access, query: GovernedQuery): string[] {
  return query.applied.flatMap(({ table, filters, masked }) => {
    const rules = access.source.table(table)
    return [
      ...filters.map((id) => {
        const description = rules?.filters.find((filter) => filter.id === id)?.description
        return `${description ?? `Some rows of ${table} are hidden`} (${id})`
      }),
      ...masked.flatMap((column) => {
        const rule = rules && maskOf(rules, column)
        if (!rule) return []
        const what = rule.description ?? `${table}.${column} is ${MASKED[rule.mask.kind]}`
        return [`${what} (${rule.id})`]
      }),
    ]
  })
}

/** The ids of the rules that stand behind what the gate did to one table. */
export function appliedIds(
  access: Access,
  table: string,
  filters: readonly string[],
  masked: readonly string[],
): string[] {
  const rules = access.source.table(table)
  const masks = masked.flatMap((column) => (rules && maskOf(rules, column)?.id) ?? [])
  return [...new Set([...filters, ...masks])]
}

type Rules = NonNullable<ReturnType<Access['source']['table']>>

const maskOf = (rules: Rules, column: string) => visibleColumns(rules, [{ name: column }])[0]?.mask
