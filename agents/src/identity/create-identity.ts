import type { Permission, Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { JWK } from 'jose'
import { localPrincipal } from '../assistant/local-principal.ts'
import type { IdentityStores } from '../state/identity-stores.ts'
import type { Sessions } from '../state/sessions.ts'
import type { UserRecord } from '../state/users.ts'
import { type BearerCaller, bearerCaller } from './bearer-caller.ts'
import type { Caller } from './caller.ts'
import type { RecordEvent } from './identity-event.ts'
import { type IdentityProvider, identityProvider } from './oidc/identity-provider.ts'
import { type OidcLogin, oidcLogin } from './oidc/oidc-login.ts'
import { ownerOnly, type PermissionsOf } from './permissions.ts'
import { principalOfUser, type RolesOf } from './principal-of-user.ts'
import { type Sealer, unsealed } from './sealer.ts'
import { type IdentitySettings, LOCAL_SETTINGS } from './settings.ts'
import { type AccessTokens, accessTokens } from './tokens/access-tokens.ts'
import { providerTokens } from './tokens/provider-tokens.ts'
import { signingKeys } from './tokens/signing-keys.ts'
import { type TokenDesk, tokenDesk } from './tokens/token-desk.ts'

/** What an installation may bring; what it does not, is that of the local one-user mode. */
export interface IdentityOptions {
  readonly settings?: IdentitySettings
  /** In place of those of the state, such as sessions in Redis. */
  readonly sessions?: Sessions
  /** Without policies nobody has a role. */
  readonly rolesOf?: RolesOf
  /** Without policies only the owner may do anything. */
  readonly permissionsOf?: PermissionsOf
  readonly sealer?: Sealer
  /** Told of sign-ins, keys, tokens and disabled people; may write them to the audit log. */
  readonly record?: RecordEvent
  readonly clock?: () => Date
}

/** Who asks, proven: sessions, API keys, access tokens, the identity provider. */
export interface Identity {
  readonly settings: IdentitySettings
  readonly sessions: Sessions
  readonly stores: IdentityStores
  readonly rolesOf: RolesOf
  readonly record: RecordEvent
  readonly login: OidcLogin | null
  readonly tokens: TokenDesk
  readonly access: AccessTokens
  readonly bearer: BearerCaller
  permissionsOf(principal: Principal): ReadonlySet<Permission>
  /** Who holds the value of a session cookie. */
  bySession(value: string): Promise<Caller | null>
  /** A session for somebody who has just signed in at the identity provider. */
  signIn(user: UserRecord, idToken: string): Promise<{ value: string; expiresAt: Date }>
  /** Ends the session and what came from it; the address where the provider ends its own, if it can. */
  signOut(caller: Caller, value: string): Promise<string | null>
  /** Ends every session and token of a person. */
  signOutEverywhere(userId: string, by: Principal): Promise<void>
  /** Ends the sessions, tokens and keys of a person too when it disables. @throws NOT_FOUND, CONFLICT */
  setDisabled(userId: string, isDisabled: boolean, by: Principal): Promise<UserRecord>
  /** Our public keys, as a JWK Set (RFC 7517). */
  jwks(): Promise<{ keys: JWK[] }>
  rotateSigningKey(by: Principal): Promise<void>
}

/** @param baseUrl where the server is reached, without a slash at the end. */
export function createIdentity(
  state: { readonly sessions: Sessions; readonly identity: IdentityStores },
  baseUrl: () => string,
  options: IdentityOptions = {},
): Identity {
  const settings = options.settings ?? LOCAL_SETTINGS
  const sessions = options.sessions ?? state.sessions
  const rolesOf = options.rolesOf ?? (() => [])
  const sealer = options.sealer ?? unsealed
  const record = options.record ?? (() => {})
  const clock = options.clock ?? (() => new Date())
  const stores = state.identity
  const { users, grants, apiKeys } = stores

  const keys = signingKeys(stores.signingKeys, sealer, clock)
  const access = accessTokens(keys, baseUrl, clock)
  const { oidc } = settings
  const provider: IdentityProvider | null = oidc ? identityProvider(oidc) : null
  const provided = oidc && provider ? providerTokens({ settings: oidc, provider, users }) : null

  const endAll = async (userId: string) => {
    await Promise.all([sessions.deleteAllOf(userId), grants.revokeAllOf({ userId })])
  }

  return {
    settings,
    sessions,
    stores,
    rolesOf,
    record,
    access,
    permissionsOf: options.permissionsOf ?? ownerOnly,
    login: oidc && provider ? oidcLogin({ settings: oidc, provider, logins: stores.logins, users, baseUrl }) : null,
    tokens: tokenDesk({ access, grants, users, record, clock }),
    bearer: bearerCaller({ users, apiKeys, grants, access, provided, rolesOf }),

    async bySession(value) {
      const session = await sessions.find(value)
      if (!session || (session.signedInBy === 'link' && !settings.localLogin)) return null
      const user = await users.find(session.principalId)
      if (!user || user.disabled_at !== null) return null
      const { hash, expiresAt, idToken, signedInBy } = session
      return {
        principal: principalOfUser(user, rolesOf),
        by: 'session',
        means: signedInBy,
        key: `session-${hash.slice(0, 16)}`,
        scopes: null,
        email: user.email,
        session: { hash, expiresAt, idToken },
      }
    },

    async signIn(user, idToken) {
      const session = await sessions.create(user.id, {
        signedInBy: 'oidc',
        lifetimeMs: settings.sessionMs,
        idleMs: settings.sessionIdleMs,
        idToken: await sealer.seal(idToken),
      })
      await record({ type: 'signed-in', userId: user.id })
      return session
    },

    async signOut(caller, value) {
      await sessions.delete(value)
      if (caller.session) await grants.revokeAllOf({ sessionHash: caller.session.hash })
      await record({ type: 'signed-out', userId: caller.principal.id })
      if (!provider || caller.means !== 'oidc') return null
      const sealed = caller.session?.idToken ?? null
      const idToken = sealed === null ? null : await sealer.open(sealed)
      // The session here has ended: a provider that does not answer must not make it look otherwise.
      return provider.endSessionUrl(idToken, `${baseUrl()}/`).catch(() => null)
    },

    async signOutEverywhere(userId, by) {
      await endAll(userId)
      await record({ type: 'signed-out-everywhere', userId, by: by.id })
    },

    async setDisabled(userId, isDisabled, by) {
      if (isDisabled && (userId === by.id || userId === localPrincipal.id)) {
        throw new AppError('CONFLICT', 'Neither you yourself nor the owner of the installation can be disabled.')
      }
      const user = await users.setDisabled(userId, isDisabled)
      if (isDisabled) await Promise.all([endAll(userId), apiKeys.revokeAllOf(userId)])
      await record({ type: isDisabled ? 'user-disabled' : 'user-enabled', userId, by: by.id })
      return user
    },

    jwks: async () => ({ keys: await keys.published() }),

    async rotateSigningKey(by) {
      await keys.rotate()
      await record({ type: 'signing-key-rotated', userId: by.id })
    },
  }
}
