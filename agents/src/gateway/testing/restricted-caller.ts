import { type ApiScope, Permission } from '@plumbline/tools/contract'
import type { IdentityOptions } from '../../identity/index.ts'
import type { State } from '../../state/index.ts'

/** Roles are named as the groups of a person, and each permission is a role of its own. */
export const BY_GROUP: IdentityOptions = {
  rolesOf: (groups) => groups,
  permissionsOf: ({ roles }) => new Set(roles.includes('owner') ? Permission.options : (roles as Permission[])),
}

/** An API key of somebody with these permissions only. */
export async function keyOf(state: State, id: string, permissions: readonly Permission[], scopes: readonly ApiScope[]) {
  await state.identity.users.save({ id, name: id, email: null, groups: permissions, attributes: {} })
  const expiresAt = new Date(Date.now() + 3_600_000)
  return (await state.identity.apiKeys.create({ name: 'test', userId: id, scopes, expiresAt })).secret
}
