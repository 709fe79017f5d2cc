import type { User } from '@plumbline/tools/contract'
import type { UserRecord } from '../state/users.ts'
import { principalOfUser, type RolesOf } from './principal-of-user.ts'

/** A person as the API shows them. */
export function userOf(user: UserRecord, rolesOf: RolesOf): User {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    groups: user.groups,
    roles: principalOfUser(user, rolesOf).roles,
    attributes: user.attributes,
    createdAt: user.created_at.toISOString(),
    lastSeenAt: user.last_seen_at?.toISOString() ?? null,
    disabledAt: user.disabled_at?.toISOString() ?? null,
  }
}
