import type {
  BudgetRule,
  Grant,
  Mask,
  MaskRule,
  Permission,
  PolicyDocument,
  RowFilter,
} from '@plumbline/tools/contract'
import { bigCount, byteText } from './big-count.ts'

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const PERMISSIONS: Record<Permission, string> = {
  ask: 'ask questions',
  share: 'share answers',
  approve: 'approve large queries',
  'policies.read': 'read the policies',
  'policies.edit': 'change the policies',
  'audit.read': 'read the audit log',
  'lineage.read': 'see what uses a column',
  'keys.manage': 'make API keys',
  'users.manage': 'manage people',
}

/** "ask questions and share answers". */
export function permissionWords(permissions: readonly Permission[]): string {
  if (new Set(permissions).size === Object.keys(PERMISSIONS).length) return 'do all that Plumbline offers'
  return permissions.length === 0 ? 'nothing on the page' : list.format(permissions.map((one) => PERMISSIONS[one]))
}

/** What a mask leaves, to stand after "is": "replaced by a code". */
export function maskWords(mask: Mask): string {
  switch (mask.kind) {
    case 'null':
      return 'left empty'
    case 'hash':
      return 'replaced by a code, the same for equal values'
    case 'constant':
      return `always “${mask.value}”`
    case 'partial': {
      const { keepFirst: first, keepLast: last } = mask
      const some = (word: string, count: number) => (count === 0 ? [] : [count === 1 ? word : `${word} ${count}`])
      const kept = [...some('first', first), ...some('last', last)]
      if (kept.length === 0) return 'hidden, all but its length'
      return `hidden but for its ${list.format(kept)} ${first + last === 1 ? 'character' : 'characters'}`
    }
    case 'bucket':
      return mask.unit
        ? `rounded down to the ${mask.unit}`
        : `rounded down to a multiple of ${(mask.size ?? 1).toLocaleString('en-US')}`
  }
}

/** A condition in which the attributes of who asks are said in words: `region = :principal.region` → `region = their region`. */
export function filterWords(filter: string): string {
  return filter
    .replace(/:principal\.([A-Za-z_][A-Za-z0-9_]*)/g, 'their $1')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The attributes of a person that the filters of a document read, sorted. */
export function attributesRead(document: PolicyDocument): string[] {
  const found = document.rowFilters.flatMap(({ filter }) =>
    [...filter.matchAll(/:principal\.([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name]) => name as string),
  )
  return [...new Set(found)].filter((name) => name !== 'id' && name !== 'roles').sort()
}

const inSource = (source: string) => (source === '*' ? '' : ` of ${source}`)

/** "every table of sales but its columns ssn and tail_number". */
export function grantWords({ source, tables, columns, except }: Grant): string {
  const what = tables.includes('*') ? 'every table' : list.format(tables)
  const only = columns.includes('*') ? '' : `, only ${list.format(columns)}`
  const but = except.length === 0 ? '' : `, without ${list.format(except)}`
  return `${what}${inSource(source)}${only}${but}`
}

/** "a query may run 30 s and read 100 M rows; over that it is refused". */
export function budgetWords(rule: BudgetRule): string {
  const may = [
    ...(rule.querySeconds === undefined ? [] : [`run ${rule.querySeconds.toLocaleString('en-US')} s`]),
    ...(rule.scanRows === undefined ? [] : [`read ${bigCount(rule.scanRows)} rows`]),
    ...(rule.scanBytes === undefined ? [] : [`read ${byteText(rule.scanBytes)}`]),
    ...(rule.resultRows === undefined ? [] : [`give ${bigCount(rule.resultRows)} rows`]),
    ...(rule.resultBytes === undefined ? [] : [`give ${byteText(rule.resultBytes)}`]),
  ]
  const aDay = [
    ...(rule.tokensPerDay === undefined ? [] : [`${bigCount(rule.tokensPerDay)} tokens`]),
    ...(rule.usdPerDay === undefined ? [] : [`$${rule.usdPerDay.toLocaleString('en-US')}`]),
  ]
  const over = rule.over === 'approve' ? 'over that someone must approve it' : 'over that it is refused'
  return [
    ...(may.length > 0 ? [`a query may ${list.format(may)}; ${over}`] : []),
    ...(aDay.length > 0 ? [`language models may cost ${list.format(aDay)} a day`] : []),
  ].join('; ')
}

export interface RoleRules {
  readonly grants: readonly Grant[]
  readonly rowFilters: readonly RowFilter[]
  readonly masks: readonly MaskRule[]
  readonly budgets: readonly BudgetRule[]
}

/** The rules that name a role or everyone, and do not spare the role. */
export function rulesOfRole(document: PolicyDocument, role: string): RoleRules {
  const meant = (rule: { roles: readonly string[]; unless?: readonly string[] }) =>
    rule.roles.some((name) => name === '*' || name === role) && !rule.unless?.includes(role)
  return {
    grants: document.grants.filter(meant),
    rowFilters: document.rowFilters.filter(meant),
    masks: document.masks.filter(meant),
    budgets: document.budgets.filter(meant),
  }
}

/** What the rule with an id does, in words; null when the document has none. */
export function ruleWords(document: PolicyDocument, id: string): string | null {
  const filter = document.rowFilters.find((rule) => rule.id === id)
  if (filter) return `Only rows of ${filter.table} where ${filterWords(filter.filter)}`
  const mask = document.masks.find((rule) => rule.id === id)
  if (mask) return `${list.format(mask.columns)} of ${mask.table} is ${maskWords(mask.mask)}`
  const grant = document.grants.find((rule) => rule.id === id)
  if (grant) return `May read ${grantWords(grant)}`
  const budget = document.budgets.find((rule) => rule.id === id)
  return budget ? `Budget: ${budgetWords(budget)}` : null
}
