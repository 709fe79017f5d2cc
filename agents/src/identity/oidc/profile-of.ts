import type { UserProfile } from '../../state/users.ts'
import type { OidcSettings } from '../settings.ts'

type Claims = Readonly<Record<string, unknown>>
type Attribute = UserProfile['attributes'][string]

/** Bounds on what a provider may make us keep and compare. */
const MAX_GROUPS = 1000
const MAX_VALUES = 500
const MAX_LENGTH = 300

/** A person as the claims describe them. `iss` and `sub` are verified by whoever gives the claims. */
export function profileOf(
  issuer: string,
  claims: Claims & { readonly sub: string },
  settings: Pick<OidcSettings, 'groupsClaim' | 'attributeClaims'>,
): UserProfile {
  const email = textOf(claims.email)
  const attributes: Record<string, Attribute> = {}
  for (const [name, claim] of settings.attributeClaims) {
    const value = attributeOf(claimOf(claims, claim))
    if (value !== undefined) attributes[name] = value
  }
  // An address that anybody can claim must not open rows.
  if (email !== null && claims.email_verified === true && !('email' in attributes)) attributes.email = email
  return {
    id: userIdOf(issuer, claims.sub),
    name: textOf(claims.name) ?? textOf(claims.preferred_username) ?? email ?? claims.sub.slice(0, MAX_LENGTH),
    email,
    groups: groupsOf(claims, settings.groupsClaim) ?? [],
    attributes,
  }
}

/** OpenID Connect Core, section 2: only issuer and subject together name a person for ever. */
export const userIdOf = (issuer: string, subject: string) => `${issuer}|${subject}`

/** The groups of the claim, or null where it is not there. */
export function groupsOf(claims: Claims, groupsClaim: string): string[] | null {
  const value = claimOf(claims, groupsClaim)
  if (value === undefined || value === null) return null
  const groups = (Array.isArray(value) ? value : [value]).filter(
    (group): group is string => typeof group === 'string' && group !== '' && group.length <= MAX_LENGTH,
  )
  return [...new Set(groups)].slice(0, MAX_GROUPS)
}

/** A claim by its name, or by a path with dots (`realm_access.roles` of Keycloak); Auth0's names hold dots themselves. */
function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Claims)[part]
  }
  return value
}

function attributeOf(value: unknown): Attribute | undefined {
  if (isScalar(value) || typeof value === 'boolean') return value
  if (!Array.isArray(value)) return undefined
  // One value that can not be kept would widen or narrow the list silently.
  return value.length <= MAX_VALUES && value.every(isScalar) ? value : undefined
}

const isScalar = (value: unknown): value is string | number =>
  (typeof value === 'string' && value.length <= MAX_LENGTH && !value.includes('\0')) ||
  (typeof value === 'number' && Number.isFinite(value))

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, MAX_LENGTH) : null
}
