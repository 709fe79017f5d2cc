import { Permission, type PolicyDocument } from '../contract/policy.ts'
import { OWNER } from './resolve-access.ts'

/** The roles that members of these groups of the identity provider have, in the order of the document. */
export function rolesOfGroups(policies: PolicyDocument | null, groups: readonly string[]): string[] {
  return (policies?.roles ?? [])
    .filter((role) => role.groups.some((group) => groups.includes(group)))
    .map((r) => r.name)
}

/** What someone with these roles may do. The owner may do everything. */
export function permissionsOfRoles(policies: PolicyDocument | null, roles: readonly string[]): ReadonlySet<Permission> {
  if (roles.includes(OWNER)) return new Set(Permission.options)
  return new Set(
    (policies?.roles ?? []).filter((role) => roles.includes(role.name)).flatMap((role) => role.permissions),
  )
}
