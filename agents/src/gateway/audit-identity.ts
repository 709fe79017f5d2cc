import type { AuditAction, AuditSurface } from '@plumbline/tools/contract'
import { localPrincipal } from '../assistant/local-principal.ts'
import { type IdentityEvent, principalOfUser, type RecordEvent, type RolesOf } from '../identity/index.ts'
import type { State } from '../state/index.ts'

/** Sign-ins happen at the page; keys and tokens are made for programs. */
const ACTIONS: Record<IdentityEvent['type'], readonly [AuditAction, AuditSurface]> = {
  'signed-in': ['login', 'page'],
  'sign-in-failed': ['login-failed', 'page'],
  'signed-out': ['logout', 'page'],
  'signed-out-everywhere': ['sessions-ended', 'page'],
  'user-disabled': ['user-changed', 'page'],
  'user-enabled': ['user-changed', 'page'],
  'key-created': ['key-created', 'rest'],
  'key-revoked': ['key-revoked', 'rest'],
  'token-issued': ['token-issued', 'rest'],
  'token-revoked': ['token-revoked', 'rest'],
  'refresh-token-reused': ['token-reused', 'rest'],
  'signing-key-rotated': ['signing-key-rotated', 'system'],
}

/** Writes what happens to sessions, people, keys and tokens to the audit log; what can not be recorded does not succeed. */
export function auditIdentity(
  { audit, identity }: Pick<State, 'audit' | 'identity'>,
  rolesOf: RolesOf = () => [],
): RecordEvent {
  const whoIs = async (id: string) => {
    if (id === localPrincipal.id) return localPrincipal
    const user = await identity.users.find(id)
    return user ? principalOfUser(user, rolesOf) : { id, name: '', roles: [] }
  }
  return async ({ type, userId, by, subject }) => {
    const [action, surface] = ACTIONS[type]
    const { id, name, roles } = await whoIs(by ?? userId)
    await audit.record({
      principal: { id, name, roles },
      surface,
      action,
      outcome: type === 'sign-in-failed' || type === 'refresh-token-reused' ? 'refused' : 'ok',
      details: {
        ...(action === 'user-changed' ? { change: type === 'user-disabled' ? 'disabled' : 'enabled' } : {}),
        ...(by !== undefined && by !== userId ? { person: userId } : {}),
        ...(subject === undefined ? {} : { subject }),
      },
    })
  }
}
