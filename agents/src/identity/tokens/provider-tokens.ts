import { ApiScope } from '@plumbline/tools/contract'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { UserRecord, Users } from '../../state/users.ts'
import { type IdentityProvider, providerUnavailable } from '../oidc/identity-provider.ts'
import { groupsOf, profileOf, userIdOf } from '../oidc/profile-of.ts'
import type { OidcSettings } from '../settings.ts'

/** Public-key signatures alone: a shared secret, or none, is no proof of who signed. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** Okta and Keycloak do not follow RFC 9068 in `typ`. An ID token is told apart by its audience, which is the client. */
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt', undefined])
const LEEWAY_SECONDS = 30

export interface ProviderTokens {
  /** Null: not the provider's, for another audience, over, or changed. @throws IDENTITY_UNAVAILABLE */
  verify(token: string, audience: string): Promise<{ user: UserRecord; scopes: readonly ApiScope[] } | null>
}

export interface ProviderTokensParts {
  readonly settings: OidcSettings
  readonly provider: IdentityProvider
  readonly users: Users
}

/** Access tokens that the configured identity provider made for this server (MCP authorization, "Token Handling"). */
export function providerTokens({ settings, provider, users }: ProviderTokensParts): ProviderTokens {
  let keys: { readonly uri: string; readonly get: ReturnType<typeof createRemoteJWKSet> } | undefined

  return {
    async verify(token, audience) {
      const { issuer, jwksUri } = await provider.metadata()
      if (keys?.uri !== jwksUri) keys = { uri: jwksUri, get: createRemoteJWKSet(new URL(jwksUri)) }
      const verified = await jwtVerify(token, keys.get, {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: LEEWAY_SECONDS,
      }).catch((error: unknown) => {
        if (error instanceof errors.JOSEError && !isKeyFetchError(error)) return null
        throw providerUnavailable(error)
      })
      if (!verified || !TYPES.has(verified.protectedHeader.typ?.toLowerCase())) return null
      const { sub } = verified.payload
      if (typeof sub !== 'string') return null
      const claims = { ...verified.payload, sub }
      const groups = groupsOf(claims, settings.groupsClaim)
      // Whoever never signed in at the page is written down, so that they can be disabled. Of the others the sign-in knows more.
      const known = await users.find(userIdOf(issuer, sub))
      const user = known ?? (await users.save(profileOf(issuer, claims, settings)))
      return { user: groups === null ? user : { ...user, groups }, scopes: scopesOf(claims) }
    },
  }
}

/** The keys could not be read, which says nothing of the token. */
const isKeyFetchError = (error: errors.JOSEError) =>
  error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'

/** `scope` with spaces (RFC 9068), or `scp` as a list (Okta). */
function scopesOf(claims: Readonly<Record<string, unknown>>): ApiScope[] {
  const said = claims.scope ?? claims.scp
  const words = typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said : []
  return words.filter((word): word is ApiScope => ApiScope.safeParse(word).success)
}
