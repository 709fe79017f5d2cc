import type { Principal } from '@plumbline/tools/contract'
import { localPrincipal } from '../assistant/local-principal.ts'
import type { UserRecord } from '../state/users.ts'

/** Roles that the groups of a person have, by the policies in force. */
export type RolesOf = (groups: readonly string[]) => readonly string[]

/** The principal that policies judge: its roles are those of now, not those of the sign-in. */
export function principalOfUser(user: UserRecord, rolesOf: RolesOf): Principal {
  if (user.id === localPrincipal.id) return localPrincipal
  return { id: user.id, name: user.name, roles: [...rolesOf(user.groups)], attributes: user.attributes }
}
