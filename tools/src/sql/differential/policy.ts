import type { GateMask, GatePrincipal } from '@plumbline/native'
import type { Chance } from './chance.ts'
import type { TableData, Value } from './database.ts'

/** A row filter, in SQL and, independent of it, as a function. `null`: SQL's unknown. */
export interface FilterRule {
  readonly sql: string
  holds(row: (column: string) => Value): boolean | null
}

export interface TablePolicy {
  readonly filters: readonly FilterRule[]
  readonly masks: Readonly<Record<string, GateMask>>
  readonly denied: readonly string[]
}

export const SALT = "pepper's \\ salt"
export const PRINCIPAL: GatePrincipal = {
  id: 'ana',
  roles: ['analyst', 'eu'],
  attributes: {
    name: "O'Brien",
    slash: 'b\\',
    names: ['ann', 'b\\', "O'Brien"],
    none: [],
    low: -1,
    day: '2024-02-29',
    admin: false,
  },
}
/** What the person may see by the table that filters look into. */
export const ENTITLED: readonly (readonly [person: string, k: number | null])[] = [
  ['ana', 1],
  ['ana', 3],
  ['ana', null],
  ['bo', 2],
]

const isNull = (value: Value) => value === null
const compare = (value: Value, test: (value: Value) => boolean) => (isNull(value) ? null : test(value))
const or = (a: boolean | null, b: boolean | null) => (a || b ? true : a === null || b === null ? null : false)

/** Filters by the columns they need. */
const RULES: readonly (FilterRule & { readonly needs: readonly string[] })[] = [
  { needs: ['k'], sql: 'k > 1', holds: (row) => compare(row('k'), (k) => Number(k) > 1) },
  { needs: ['id'], sql: 'id <> :principal.low', holds: (row) => compare(row('id'), (id) => id !== -1) },
  { needs: ['k'], sql: 'NOT (k = 3)', holds: (row) => compare(row('k'), (k) => k !== 3) },
  { needs: ['k'], sql: 'k IS NULL OR k < 4', holds: (row) => isNull(row('k')) || Number(row('k')) < 4 },
  {
    needs: ['name'],
    sql: 'name IN (:principal.names)',
    holds: (row) => compare(row('name'), (name) => ['ann', 'b\\', "O'Brien"].includes(String(name))),
  },
  {
    needs: ['name'],
    sql: 'name = :principal.name',
    holds: (row) => compare(row('name'), (name) => name === "O'Brien"),
  },
  { needs: ['name'], sql: 'name <> :principal.slash', holds: (row) => compare(row('name'), (name) => name !== 'b\\') },
  { needs: ['name'], sql: 'name NOT IN (:principal.none)', holds: () => false },
  { needs: ['name'], sql: 'name = :principal.missing OR id = id', holds: () => false },
  {
    needs: ['day'],
    sql: 'day < :principal.day',
    holds: (row) => compare(row('day'), (day) => String(day) < '2024-02-29'),
  },
  {
    needs: ['amount'],
    sql: 'amount >= :principal.low',
    holds: (row) => compare(row('amount'), (x) => Number(x) >= -1),
  },
  {
    needs: ['level'],
    sql: ":principal.admin OR level >= 2 OR 'admin' IN (:principal.roles)",
    holds: (row) => compare(row('level'), (level) => Number(level) >= 2),
  },
  {
    needs: ['k', 'level'],
    sql: 'k = level OR level IS NULL',
    holds: (row) => {
      const [k, level] = [row('k'), row('level')]
      return or(isNull(k) || isNull(level) ? null : k === level, isNull(level))
    },
  },
  {
    needs: ['k'],
    sql: 'k IN (SELECT e.k FROM entitlements AS e WHERE e.person = :principal.id)',
    // The list holds a NULL: what is not in it is unknown.
    holds: (row) => (row('k') === 1 || row('k') === 3 ? true : null),
  },
  {
    needs: ['k'],
    sql: 'EXISTS (SELECT 1 FROM entitlements WHERE person = :principal.id AND entitlements.k = TABLE.k)',
    holds: (row) => row('k') === 1 || row('k') === 3,
  },
]

const MASKS: readonly GateMask[] = [
  { kind: 'null' },
  { kind: 'hash' },
  { kind: 'partial', keepFirst: 1, keepLast: 1 },
  { kind: 'partial', keepFirst: 2 },
  { kind: 'partial', keepLast: 3 },
  { kind: 'partial' },
  { kind: 'bucket', size: 10 },
  { kind: 'bucket', size: 3 },
  { kind: 'bucket', unit: 'day' },
  { kind: 'bucket', unit: 'week' },
  { kind: 'bucket', unit: 'month' },
  { kind: 'bucket', unit: 'quarter' },
  { kind: 'bucket', unit: 'year' },
  { kind: 'constant', value: "it's hidden" },
  { kind: 'constant', value: 5 },
  { kind: 'constant', value: false },
]

export function makePolicy(table: TableData, chance: Chance): TablePolicy {
  const names = table.columns.map(({ name }) => name)
  const fitting = RULES.filter((rule) => rule.needs.every((name) => names.includes(name)))
  const filters = chance
    .some(fitting, chance.upTo(2))
    .map(({ sql, holds }) => ({ sql: sql.replace('TABLE', table.name), holds }))
  const hidden = names.filter((name) => name !== 'id')
  const denied = chance.in100(30) ? chance.some(hidden, 1) : []
  const masked = chance.some(
    names.filter((name) => !denied.includes(name) && (name !== 'id' || chance.in100(20))),
    chance.upTo(2),
  )
  return { filters, denied, masks: Object.fromEntries(masked.map((name) => [name, chance.oneOf(MASKS)])) }
}
