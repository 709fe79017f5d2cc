import { randomUUID } from 'node:crypto'
import type { ApiScope } from '@plumbline/tools/contract'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './database.ts'
import type { TokenGrantTable } from './identity-tables.ts'
import { hashOf, newSecret } from './secret.ts'

/** Tells a refresh token from a key at sight. */
export const REFRESH_PREFIX = 'plr_'

export type TokenGrant = Selectable<TokenGrantTable>

export interface NewGrant {
  readonly userId: string
  readonly scopes: readonly ApiScope[]
  readonly resource: 'api' | 'mcp'
  readonly apiKeyId: string | null
  readonly sessionHash: string | null
  readonly expiresAt: Date
}

/** The families of refresh tokens (OAuth 2.1, section 4.3.1). */
export interface TokenGrants {
  create(grant: NewGrant): Promise<{ grant: TokenGrant; refreshToken: string }>
  /** The grant, unless it is over. */
  find(id: string): Promise<TokenGrant | null>
  /**
   * Takes a refresh token and gives the next one; null when it is unknown or its grant is over. One that was used before has
   * been copied by somebody, and nobody can tell by whom: the whole grant ends.
   */
  rotate(
    refreshToken: string,
  ): Promise<{ grant: TokenGrant; refreshToken: string } | { reusedGrant: string; userId: string } | null>
  /** The id of the grant that a refresh token belongs to, used or not. */
  grantOf(refreshToken: string): Promise<string | null>
  /** Whose grant has ended now; null when it is unknown or had ended before. */
  revoke(id: string): Promise<string | null>
  revokeAllOf(owner: { userId: string } | { sessionHash: string }): Promise<void>
}

/** `clock` is the time of day, for tests. */
export function tokenGrantStore(db: Kysely<Database>, clock = () => new Date()): TokenGrants {
  const find = async (id: string): Promise<TokenGrant | null> => {
    const row = await db
      .selectFrom('token_grants')
      .selectAll()
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', clock())
      .executeTakeFirst()
    return row ?? null
  }
  const newToken = async (grantId: string): Promise<string> => {
    const token = `${REFRESH_PREFIX}${newSecret()}`
    await db
      .insertInto('refresh_tokens')
      .values({ token_hash: hashOf(token), grant_id: grantId, created_at: clock(), used_at: null })
      .execute()
    return token
  }
  const grantOf = async (refreshToken: string): Promise<string | null> => {
    const row = await db
      .selectFrom('refresh_tokens')
      .select('grant_id')
      .where('token_hash', '=', hashOf(refreshToken))
      .executeTakeFirst()
    return row?.grant_id ?? null
  }
  const revoke = async (id: string): Promise<string | null> => {
    const row = await db
      .updateTable('token_grants')
      .set({ revoked_at: clock() })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returning('user_id')
      .executeTakeFirst()
    return row?.user_id ?? null
  }

  return {
    find,
    grantOf,
    revoke,

    async create({ userId, scopes, resource, apiKeyId, sessionHash, expiresAt }) {
      const now = clock()
      await db.deleteFrom('token_grants').where('expires_at', '<', now).execute()
      const grant = await db
        .insertInto('token_grants')
        .values({
          id: randomUUID(),
          user_id: userId,
          scopes: JSON.stringify(scopes),
          resource,
          api_key_id: apiKeyId,
          session_hash: sessionHash,
          created_at: now,
          expires_at: expiresAt,
          revoked_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return { grant, refreshToken: await newToken(grant.id) }
    },

    async rotate(refreshToken) {
      // One statement: of two that bring the same token at the same time, one finds it unused.
      const taken = await db
        .updateTable('refresh_tokens')
        .set({ used_at: clock() })
        .where('token_hash', '=', hashOf(refreshToken))
        .where('used_at', 'is', null)
        .returning('grant_id')
        .executeTakeFirst()
      if (!taken) {
        const reusedGrant = await grantOf(refreshToken)
        const userId = reusedGrant === null ? null : await revoke(reusedGrant)
        return reusedGrant === null || userId === null ? null : { reusedGrant, userId }
      }
      const grant = await find(taken.grant_id)
      return grant && { grant, refreshToken: await newToken(grant.id) }
    },

    async revokeAllOf(owner) {
      const grants = db.updateTable('token_grants').set({ revoked_at: clock() }).where('revoked_at', 'is', null)
      await ('userId' in owner
        ? grants.where('user_id', '=', owner.userId)
        : grants.where('session_hash', '=', owner.sessionHash)
      ).execute()
    },
  }
}
