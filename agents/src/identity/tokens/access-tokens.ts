import { randomUUID } from 'node:crypto'
import { ApiScope } from '@plumbline/tools/contract'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { TokenGrant } from '../../state/token-grants.ts'
import type { Resource } from '../caller.ts'
import { ALGORITHM, type SigningKeys, TOKEN_SECONDS } from './signing-keys.ts'

/** RFC 9068: keeps an ID token, or any other JWT of ours, from passing as an access token. */
const TYPE = 'at+jwt'
/** Clocks of two machines differ. */
const LEEWAY_SECONDS = 5

export interface VerifiedToken {
  readonly userId: string
  readonly grantId: string
  readonly scopes: readonly ApiScope[]
}

export interface AccessTokens {
  /** A JWT as RFC 9068 describes it, good for one resource. */
  issue(grant: Pick<TokenGrant, 'id' | 'user_id' | 'resource'>, scopes: readonly ApiScope[]): Promise<string>
  /** Null: not one of ours, for another resource, over, or changed. */
  verify(token: string, resource: Resource): Promise<VerifiedToken | null>
  /** The grant of a token that may be over; null when it is not one of ours. */
  grantOf(token: string): Promise<string | null>
  /** What `iss` says, and the audience of a resource. */
  issuer(): string
  audience(resource: Resource): string
}

/** Our own access tokens. `baseUrl` is where the server is reached. */
export function accessTokens(keys: SigningKeys, baseUrl: () => string, clock = () => new Date()): AccessTokens {
  const audience = (resource: Resource) => `${baseUrl()}/${resource}`
  /** Algorithm, type, issuer, audience, times and signature; the key is looked up among ours alone, never in the header. */
  const read = async (token: string, audiences: string[], at: Date): Promise<JWTPayload | null> => {
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? null : await keys.find(kid)
          if (!key) throw new errors.JWKSNoMatchingKey()
          return key
        },
        {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: baseUrl(),
          audience: audiences,
          requiredClaims: ['sub', 'exp', 'nbf', 'iat', 'jti', 'scope', 'grant'],
          clockTolerance: LEEWAY_SECONDS,
          currentDate: at,
        },
      )
      return payload
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }

  return {
    audience,
    issuer: baseUrl,

    async issue({ id, user_id, resource }, scopes) {
      const { kid, key } = await keys.current()
      const now = Math.floor(clock().getTime() / 1000)
      return new SignJWT({ scope: scopes.join(' '), grant: id, client_id: 'plumbline' })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(baseUrl())
        .setAudience(audience(resource))
        .setSubject(user_id)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + TOKEN_SECONDS)
        .sign(key)
    },

    async verify(token, resource) {
      const payload = await read(token, [audience(resource)], clock())
      if (!payload) return null
      const { sub, grant, scope } = payload
      if (typeof sub !== 'string' || typeof grant !== 'string' || typeof scope !== 'string') return null
      const scopes = scope.split(' ').filter((one): one is ApiScope => ApiScope.safeParse(one).success)
      return { userId: sub, grantId: grant, scopes }
    },

    async grantOf(token) {
      // A token that is over still names its grant: read as of the moment it was made.
      const payload = await read(token, [audience('api'), audience('mcp')], issuedAt(token))
      return typeof payload?.grant === 'string' ? payload.grant : null
    },
  }
}

/** The unverified `iat`; a wrong one makes the verification fail. */
function issuedAt(token: string): Date {
  try {
    const { iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iat?: unknown }
    return new Date(typeof iat === 'number' && Number.isSafeInteger(iat) ? iat * 1000 : 0)
  } catch {
    return new Date(0)
  }
}
