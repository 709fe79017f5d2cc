import { createHash, randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from './database.ts'

/** How long a login lasts: long enough that a daily user never sees it end, short enough that a lost disk image does. */
export const SESSION_DAYS = 30

export interface Sessions {
  /** A new login; the value goes into a cookie and is known to nobody else. */
  create(principalId: string): Promise<{ value: string; expiresAt: Date }>
  /** Whose session this is, or null when it is unknown or over. */
  principalOf(value: string): Promise<string | null>
  delete(value: string): Promise<void>
}

export function sessionStore(db: Kysely<Database>): Sessions {
  return {
    async create(principalId) {
      const now = new Date()
      const value = randomBytes(32).toString('base64url')
      const expiresAt = new Date(now.getTime() + SESSION_DAYS * 86_400_000)
      await db.deleteFrom('login_sessions').where('expires_at', '<', now).execute()
      await db
        .insertInto('login_sessions')
        .values({ token_hash: hash(value), principal_id: principalId, created_at: now, expires_at: expiresAt })
        .execute()
      return { value, expiresAt }
    },

    async principalOf(value) {
      const row = await db
        .selectFrom('login_sessions')
        .select('principal_id')
        .where('token_hash', '=', hash(value))
        .where('expires_at', '>', new Date())
        .executeTakeFirst()
      return row?.principal_id ?? null
    },

    async delete(value) {
      await db.deleteFrom('login_sessions').where('token_hash', '=', hash(value)).execute()
    },
  }
}

// 256 random bits need no slow hash: there is nothing to guess.
const hash = (value: string) => createHash('sha256').update(value).digest('hex')
