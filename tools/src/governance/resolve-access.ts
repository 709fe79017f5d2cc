import { createHash } from 'node:crypto'
import type { PolicyDocument, Principal } from '../contract/index.ts'
import { Lru } from '../lru/index.ts'
import { resolveBudget } from './resolve-budget.ts'
import type { AppliedFilter, AppliedMask, SourceAccess, TableAccess } from './source-access.ts'
import { strictestMask } from './strictest-mask.ts'

/** The person who runs the installation: no rule restricts them. */
export const OWNER = 'owner'

/** The attributes that a filter reads: `:principal.region`, `:principal.id`. */
const PRINCIPAL_REFERENCE = /:principal\.([A-Za-z_][A-Za-z0-9_]*)/g

/**
 * What `principal` may see of `source`. Grants of all their roles add up; every row filter that applies must hold; of several
 * masks on a column the strictest holds. Without a document only the owner sees anything.
 */
export function resolveAccess(policies: PolicyDocument | null, principal: Principal, source: string): SourceAccess {
  const document = policies ?? NO_DOCUMENT
  let people = resolved.get(document)
  if (!people) {
    people = new Lru(MAX_KEPT)
    resolved.set(document, people)
  }
  return people.remember(JSON.stringify([source, principal]), () => resolve(policies, principal, source))
}

/** A document does not change: what it means for a person is found out once. A new version is another document. */
const resolved = new WeakMap<object, Lru<SourceAccess>>()
const NO_DOCUMENT = {}
/** People of one document, per source. */
const MAX_KEPT = 500

function resolve(policies: PolicyDocument | null, principal: Principal, source: string): SourceAccess {
  const here = (rule: { source: string }) => rule.source === '*' || same(rule.source, source)
  const isPrivate = (table: string, column: string) =>
    (policies?.private ?? []).some(
      (rule) =>
        here(rule) && restricts(rule.table, table) && rule.columns.some((name) => name === '*' || same(name, column)),
    )
  const rules = {
    grants: (policies?.grants ?? []).filter((rule) => here(rule) && applies(rule.roles, [], principal)),
    rowFilters: (policies?.rowFilters ?? []).filter(
      (rule) => here(rule) && applies(rule.roles, rule.unless, principal),
    ),
    masks: (policies?.masks ?? []).filter((rule) => here(rule) && applies(rule.roles, rule.unless, principal)),
  }
  const owner = principal.roles.includes(OWNER)
  const budget = resolveBudget((policies?.budgets ?? []).filter(here), principal.roles, !owner)
  if (owner || seesAll(rules)) {
    const fingerprint = digest({ source, all: true })
    return { source, unrestricted: true, fingerprint, table: () => WHOLE, isPrivate, budget }
  }
  const known = new Map<string, TableAccess | null>()
  const tableAccess = (table: string): TableAccess | null => {
    const grants = rules.grants.filter((grant) => grant.tables.some((pattern) => covers(pattern, table)))
    if (grants.length === 0) return null
    const filters = rules.rowFilters
      .filter((rule) => restricts(rule.table, table))
      .map(
        ({ id, filter, description }): AppliedFilter => ({ id, sql: filter, ...(description ? { description } : {}) }),
      )
    const masks = new Map<string, AppliedMask>()
    for (const rule of rules.masks.filter((mask) => restricts(mask.table, table))) {
      for (const column of rule.columns.map((name) => name.toLowerCase())) {
        const { id, mask, description } = rule
        const applied = { id, mask, ...(description ? { description } : {}) }
        masks.set(column, strictestMask(masks.get(column), applied))
      }
    }
    return { ...grantedColumns(grants), filters, masks }
  }
  return {
    source,
    unrestricted: false,
    fingerprint: digest({ source, rules, person: attributesRead(rules.rowFilters, principal) }),
    table: (table) => {
      const name = table.toLowerCase()
      const found = known.get(name)
      if (found !== undefined) return found
      const access = tableAccess(name)
      known.set(name, access)
      return access
    },
    isPrivate,
    budget,
  }
}

/** Whether these rules leave nothing out. */
function seesAll({ grants, rowFilters, masks }: Pick<PolicyDocument, 'grants' | 'rowFilters' | 'masks'>): boolean {
  const whole = grants.some(
    ({ tables, columns, except }) => tables.includes('*') && columns.includes('*') && except.length === 0,
  )
  return whole && rowFilters.length === 0 && masks.length === 0
}

const WHOLE: TableAccess = { columns: '*', except: new Set(), filters: [], masks: new Map() }

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

function applies(roles: readonly string[], unless: readonly string[], principal: Principal): boolean {
  const has = (role: string) => role === '*' || principal.roles.includes(role)
  return roles.some(has) && !unless.some((role) => principal.roles.includes(role))
}

/** `*`, `sales.*`, `sales.orders`; a name without a schema is one in the usual schema. */
function covers(pattern: string, table: string): boolean {
  if (pattern === '*') return true
  if (pattern.endsWith('.*')) return table.toLowerCase().startsWith(pattern.slice(0, -1).toLowerCase())
  return same(pattern, table)
}

/**
 * The tables of a rule that takes something away: the usual schema may be written out, as in `main.flights`. A grant is read to
 * the letter, since what it covers by mistake is seen; here what is not covered by mistake is.
 */
function restricts(pattern: string, table: string): boolean {
  return covers(pattern, table) || (!table.includes('.') && covers(pattern.replace(USUAL_SCHEMA, ''), table))
}

const USUAL_SCHEMA = /^(?:main|public)\./i

/** Several grants add up: a column is left out only when each of them leaves it out. */
function grantedColumns(grants: PolicyDocument['grants']): Pick<TableAccess, 'columns' | 'except'> {
  const lower = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()))
  const wide = grants.filter((grant) => grant.columns.includes('*')).map((grant) => lower(grant.except))
  const named = new Set(
    grants
      .filter((grant) => !grant.columns.includes('*'))
      .flatMap((grant) => [...lower(grant.columns).difference(lower(grant.except))]),
  )
  if (wide.length === 0) return { columns: named, except: new Set() }
  const except = wide.reduce((left, other) => left.intersection(other)).difference(named)
  return { columns: '*', except }
}

/**
 * What the filters read of the person, so that people who differ in nothing else share what is cached. A filter that writes it
 * in any unusual way counts as reading everything: too many fingerprints are slow, too few leak.
 */
function attributesRead(filters: PolicyDocument['rowFilters'], principal: Principal): unknown {
  const facts: Record<string, unknown> = { ...principal.attributes, id: principal.id, roles: principal.roles }
  const read = filters.map(({ filter }) => [...filter.matchAll(PRINCIPAL_REFERENCE)].map(([, name]) => name ?? ''))
  const plain = filters.every(({ filter }, i) => (filter.match(/principal/gi) ?? []).length === read[i]?.length)
  const names = plain ? new Set(read.flat()) : Object.keys(facts)
  return [...names].sort().map((name) => [name, facts[name] ?? null])
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}
