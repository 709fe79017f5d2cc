import type { Kysely } from 'kysely'
import type { Database } from './database.ts'
import { hashOf, newSecret } from './secret.ts'

/** How long a login by a link lasts: long enough that a daily user never sees it end, short enough that a lost disk image does. */
export const SESSION_DAYS = 30

/** A use is written down no more often than this. */
export const TOUCH_MS = 60_000

export interface Session {
  readonly principalId: string
  readonly signedInBy: 'link' | 'oidc'
  /** Names the session without being able to use it. */
  readonly hash: string
  readonly expiresAt: Date
  /** Sealed, where the identity provider gave one. */
  readonly idToken: string | null
}

export interface SessionTerms {
  readonly signedInBy: 'link' | 'oidc'
  readonly lifetimeMs: number
  /** Unused for so long, it ends; null: it does not. */
  readonly idleMs: number | null
  readonly idToken: string | null
}

/** Logins of browsers. Every implementation passes the same suite. */
export interface Sessions {
  /** A new login; the value goes into a cookie and is known to nobody else. */
  create(principalId: string, terms?: Partial<SessionTerms>): Promise<{ value: string; expiresAt: Date }>
  /** The session, which counts as used now; null when it is unknown or over. */
  find(value: string): Promise<Session | null>
  delete(value: string): Promise<void>
  /** Signs the person out everywhere. */
  deleteAllOf(principalId: string): Promise<void>
}

export const LINK_TERMS: SessionTerms = {
  signedInBy: 'link',
  lifetimeMs: SESSION_DAYS * 86_400_000,
  idleMs: null,
  idToken: null,
}

/** Sessions in Postgres. `clock` is the time of day, for tests. */
export function sessionStore(db: Kysely<Database>, clock = () => new Date()): Sessions {
  return {
    async create(principalId, terms) {
      const { signedInBy, lifetimeMs, idleMs, idToken } = { ...LINK_TERMS, ...terms }
      const now = clock()
      const value = newSecret()
      const expiresAt = new Date(now.getTime() + lifetimeMs)
      await db.deleteFrom('login_sessions').where('expires_at', '<', now).execute()
      await db
        .insertInto('login_sessions')
        .values({
          token_hash: hashOf(value),
          principal_id: principalId,
          signed_in_by: signedInBy,
          created_at: now,
          expires_at: expiresAt,
          idle_seconds: idleMs === null ? null : Math.ceil(idleMs / 1000),
          last_used_at: now,
          id_token: idToken,
        })
        .execute()
      return { value, expiresAt }
    },

    async find(value) {
      const now = clock()
      const hash = hashOf(value)
      const row = await db
        .selectFrom('login_sessions')
        .selectAll()
        .where('token_hash', '=', hash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      if (!row) return null
      const unusedMs = now.getTime() - row.last_used_at.getTime()
      if (row.idle_seconds !== null && unusedMs >= row.idle_seconds * 1000) {
        await db.deleteFrom('login_sessions').where('token_hash', '=', hash).execute()
        return null
      }
      if (row.idle_seconds !== null && unusedMs >= touchEvery(row.idle_seconds * 1000)) {
        await db.updateTable('login_sessions').set({ last_used_at: now }).where('token_hash', '=', hash).execute()
      }
      return {
        principalId: row.principal_id,
        signedInBy: row.signed_in_by,
        hash,
        expiresAt: row.expires_at,
        idToken: row.id_token,
      }
    },

    async delete(value) {
      await db.deleteFrom('login_sessions').where('token_hash', '=', hashOf(value)).execute()
    },

    async deleteAllOf(principalId) {
      await db.deleteFrom('login_sessions').where('principal_id', '=', principalId).execute()
    },
  }
}

/** Often enough that a session in use does not end early, seldom enough that reading stays reading. */
export const touchEvery = (idleMs: number) => Math.min(TOUCH_MS, idleMs / 10)
