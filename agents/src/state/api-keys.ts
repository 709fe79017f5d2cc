import { randomUUID } from 'node:crypto'
import type { ApiScope } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './database.ts'
import type { ApiKeyTable } from './identity-tables.ts'
import { hashOf, newSecret } from './secret.ts'
import { TOUCH_MS } from './sessions.ts'
import { storable } from './threads.ts'

/** Secret scanners find keys by what they begin with. */
export const KEY_PREFIX = 'pl_'
/** Active keys one person may have. */
export const MAX_KEYS = 50

export type ApiKeyRecord = Omit<Selectable<ApiKeyTable>, 'token_hash'> & { readonly owner_name: string }

export interface ApiKeys {
  /** The secret is not stored and can not be shown again. @throws CONFLICT when the person has too many. */
  create(key: { name: string; userId: string; scopes: readonly ApiScope[]; expiresAt: Date }): Promise<{
    key: ApiKeyRecord
    secret: string
  }>
  /** The key of a secret, used now; null when it is unknown, revoked or over. */
  find(secret: string): Promise<ApiKeyRecord | null>
  /** Newest first, those of one person or of everyone. */
  list(userId?: string): Promise<ApiKeyRecord[]>
  /** Ends the key and the tokens that were exchanged for it. @throws NOT_FOUND */
  revoke(id: string, userId?: string): Promise<void>
  revokeAllOf(userId: string): Promise<void>
}

/** API keys by the hash of their secret. `clock` is the time of day, for tests. */
export function apiKeyStore(db: Kysely<Database>, clock = () => new Date()): ApiKeys {
  const keys = () =>
    db
      .selectFrom('api_keys')
      .innerJoin('users', 'users.id', 'api_keys.user_id')
      .select([
        'api_keys.id',
        'api_keys.name',
        'prefix',
        'user_id',
        'scopes',
        'api_keys.created_at',
        'expires_at',
        'last_used_at',
        'revoked_at',
        'users.name as owner_name',
      ])

  return {
    async create({ name, userId, scopes, expiresAt }) {
      const now = clock()
      const { active } = await db
        .selectFrom('api_keys')
        .select((eb) => eb.fn.countAll<string>().as('active'))
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      if (Number(active) >= MAX_KEYS) {
        throw new AppError('CONFLICT', `There are ${MAX_KEYS} active keys already: revoke one first.`)
      }
      const secret = `${KEY_PREFIX}${newSecret()}`
      const id = randomUUID()
      await db
        .insertInto('api_keys')
        .values({
          id,
          token_hash: hashOf(secret),
          prefix: secret.slice(0, 7),
          name: storable(name),
          user_id: userId,
          scopes: JSON.stringify(scopes),
          created_at: now,
          expires_at: expiresAt,
          last_used_at: null,
          revoked_at: null,
        })
        .execute()
      return { key: await keys().where('api_keys.id', '=', id).executeTakeFirstOrThrow(), secret }
    },

    async find(secret) {
      const now = clock()
      const key = await keys()
        .where('token_hash', '=', hashOf(secret))
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      if (!key) return null
      if (now.getTime() - (key.last_used_at?.getTime() ?? 0) >= TOUCH_MS) {
        await db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', key.id).execute()
      }
      return key
    },

    list(userId) {
      const all = keys().orderBy('api_keys.created_at', 'desc').orderBy('api_keys.id')
      return (userId === undefined ? all : all.where('user_id', '=', userId)).execute()
    },

    async revoke(id, userId) {
      const now = clock()
      await db.transaction().execute(async (tx) => {
        let query = tx
          .updateTable('api_keys')
          .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(now)) }))
          .where('id', '=', id)
        if (userId !== undefined) query = query.where('user_id', '=', userId)
        const { numUpdatedRows } = await query.executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) throw new AppError('NOT_FOUND', 'There is no such key.')
        await tx
          .updateTable('token_grants')
          .set({ revoked_at: now })
          .where('api_key_id', '=', id)
          .where('revoked_at', 'is', null)
          .execute()
      })
    },

    async revokeAllOf(userId) {
      await db
        .updateTable('api_keys')
        .set({ revoked_at: clock() })
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .execute()
    },
  }
}
