import type { Permission, PolicyDocument, Principal } from '@plumbline/tools/contract'
import { permissionsOfRoles, rolesOfGroups } from '@plumbline/tools/governance'
import type { State } from '../state/index.ts'

/** The rules in force, for those who must know them at once. */
export interface Rules {
  /** Roles of the groups that an identity provider says a person is in. */
  rolesOf(groups: readonly string[]): string[]
  permissionsOf(principal: Principal): ReadonlySet<Permission>
  close(): void
}

/** Follows the policies of the state. */
export async function followRules(state: Pick<State, 'policies'>): Promise<Rules> {
  let document: PolicyDocument | null = null
  const close = state.policies.onChange((text) => {
    document = text?.document ?? null
  })
  document = (await state.policies.current())?.document ?? null
  return {
    rolesOf: (groups) => rolesOfGroups(document, groups),
    permissionsOf: ({ roles }) => permissionsOfRoles(document, roles),
    close,
  }
}
