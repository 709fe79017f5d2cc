import type { Mask, PolicyDocument } from '../contract/policy.ts'

interface Fault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Roles that need no entry: everyone, and the person who runs the installation. */
const BUILT_IN = new Set(['*', 'owner'])

/** What the schema can not say: ids once, roles that exist, masks that say enough. */
export function checkPolicies(policies: PolicyDocument): Fault[] {
  const faults: Fault[] = []
  const roles = new Set(BUILT_IN)
  policies.roles.forEach(({ name }, i) => {
    if (roles.has(name)) faults.push({ path: ['roles', i, 'name'], message: `role \`${name}\` is already there` })
    roles.add(name)
  })
  const ids = new Set<string>()
  for (const list of ['grants', 'rowFilters', 'masks', 'budgets'] as const) {
    policies[list].forEach((rule, i) => {
      if (ids.has(rule.id)) faults.push({ path: [list, i, 'id'], message: `id \`${rule.id}\` is already taken` })
      ids.add(rule.id)
      const named = { roles: rule.roles, unless: 'unless' in rule ? rule.unless : [] }
      for (const [field, names] of Object.entries(named)) {
        names.forEach((name, k) => {
          if (!roles.has(name)) {
            faults.push({ path: [list, i, field, k], message: `there is no role \`${name}\`; add it under \`roles\`` })
          }
        })
      }
    })
  }
  policies.masks.forEach(({ mask }, i) => {
    const message = maskFault(mask)
    if (message) faults.push({ path: ['masks', i, 'mask'], message })
  })
  return faults
}

function maskFault(mask: Mask): string | null {
  if (mask.kind === 'bucket' && (mask.size === undefined) === (mask.unit === undefined)) {
    return 'a bucket has either a `size` (numbers) or a `unit` (dates)'
  }
  return null
}
