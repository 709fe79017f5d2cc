import type { Principal } from '@plumbline/tools/contract'
import { localPrincipal } from '../assistant/local-principal.ts'
import type { Identity } from './create-identity.ts'
import { principalOfUser } from './principal-of-user.ts'

/** Somebody as they are now, for work that goes on without them; null when they may not ask any more. */
export async function currentPrincipal(
  identity: Pick<Identity, 'stores' | 'rolesOf' | 'permissionsOf'>,
  id: string,
): Promise<Principal | null> {
  if (id === localPrincipal.id) return localPrincipal
  const user = await identity.stores.users.find(id)
  if (!user || user.disabled_at !== null) return null
  const principal = principalOfUser(user, identity.rolesOf)
  return identity.permissionsOf(principal).has('ask') ? principal : null
}
