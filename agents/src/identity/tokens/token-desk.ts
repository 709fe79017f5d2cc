import type { ApiScope, TokenReply } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { REFRESH_PREFIX, type TokenGrants } from '../../state/token-grants.ts'
import type { Users } from '../../state/users.ts'
import type { Caller, Resource } from '../caller.ts'
import type { RecordEvent } from '../identity-event.ts'
import type { AccessTokens } from './access-tokens.ts'
import { TOKEN_SECONDS } from './signing-keys.ts'

/** A grant ends after this, or with the session or key that it came from. */
export const GRANT_DAYS = 30

/** What a token of a session is good for when nobody says. */
const OF_A_SESSION: readonly ApiScope[] = ['ask', 'read']

/** Where sessions and keys are exchanged for tokens, refresh tokens for the next ones, and tokens are given back. */
export interface TokenDesk {
  /** @throws FORBIDDEN when more is asked than the caller has. */
  exchange(
    caller: Caller,
    wanted: { resource: Resource; scopes?: readonly ApiScope[] | undefined },
  ): Promise<TokenReply>
  /** @throws UNAUTHENTICATED; a refresh token that was used before ends all that came from its grant. */
  refresh(refreshToken: string, scopes?: readonly ApiScope[]): Promise<TokenReply>
  /** Ends the grant of an access or a refresh token; one that is unknown is no error (RFC 7009, section 2.2). */
  revoke(token: string): Promise<void>
}

export interface TokenDeskParts {
  readonly access: AccessTokens
  readonly grants: TokenGrants
  readonly users: Users
  readonly record: RecordEvent
  readonly clock?: () => Date
}

export function tokenDesk({ access, grants, users, record, clock = () => new Date() }: TokenDeskParts): TokenDesk {
  const reply = async (
    grant: Parameters<AccessTokens['issue']>[0],
    scopes: readonly ApiScope[],
    refreshToken: string,
  ): Promise<TokenReply> => ({
    access_token: await access.issue(grant, scopes),
    token_type: 'Bearer',
    expires_in: TOKEN_SECONDS,
    refresh_token: refreshToken,
    scope: scopes.join(' '),
  })

  return {
    async exchange(caller, { resource, scopes = [...(caller.scopes ?? OF_A_SESSION)] }) {
      if (caller.means === 'access-token') {
        throw new AppError('FORBIDDEN', 'A token is not exchanged for another one: send the refresh token.')
      }
      refuseMore(scopes, caller.scopes)
      const latest = clock().getTime() + GRANT_DAYS * 86_400_000
      const parent = caller.session?.expiresAt ?? caller.apiKey?.expiresAt
      const { grant, refreshToken } = await grants.create({
        userId: caller.principal.id,
        scopes,
        resource,
        apiKeyId: caller.apiKey?.id ?? null,
        sessionHash: caller.session?.hash ?? null,
        expiresAt: new Date(Math.min(latest, parent?.getTime() ?? latest)),
      })
      await record({ type: 'token-issued', userId: grant.user_id, subject: grant.id })
      return reply(grant, scopes, refreshToken)
    },

    async refresh(refreshToken, scopes) {
      const rotated = await grants.rotate(refreshToken)
      if (rotated === null)
        throw over('This refresh token is unknown or over: exchange a session or a key for a new one.')
      if ('reusedGrant' in rotated) {
        await record({ type: 'refresh-token-reused', userId: rotated.userId, subject: rotated.reusedGrant })
        throw over(
          'This refresh token was used before, so it may have been copied: everything that came from it has ended.',
        )
      }
      const { grant } = rotated
      if ((await users.find(grant.user_id))?.disabled_at !== null) {
        await grants.revoke(grant.id)
        throw over('This account is disabled here.')
      }
      refuseMore(scopes ?? [], new Set(grant.scopes))
      return reply(grant, scopes ?? grant.scopes, rotated.refreshToken)
    },

    async revoke(token) {
      const grantId = token.startsWith(REFRESH_PREFIX) ? await grants.grantOf(token) : await access.grantOf(token)
      const userId = grantId === null ? null : await grants.revoke(grantId)
      if (grantId !== null && userId !== null) await record({ type: 'token-revoked', userId, subject: grantId })
    },
  }
}

function refuseMore(wanted: readonly ApiScope[], allowed: ReadonlySet<ApiScope> | null): void {
  const more = allowed === null ? [] : wanted.filter((scope) => !allowed.has(scope))
  if (more.length > 0) throw new AppError('FORBIDDEN', `This does not have the scope ${more.join(', ')}.`)
}

const over = (message: string) => new AppError('UNAUTHENTICATED', message)
