import type { Kysely } from 'kysely'
import type { Database } from './database.ts'
import { hashOf } from './secret.ts'

/** How long somebody may take to sign in at the identity provider. */
export const LOGIN_MINUTES = 10

export interface LoginTransactions {
  /** @param browser a secret that only the cookie of the browser holds. */
  begin(login: { state: string; browser: string; returnTo: string }): Promise<void>
  /** Where to go on; null when the state is unknown, over, used before, or of another browser. It is used up either way. */
  finish(login: { state: string; browser: string }): Promise<{ returnTo: string } | null>
}

/** Sign-ins under way. `clock` is the time of day, for tests. */
export function loginTransactionStore(db: Kysely<Database>, clock = () => new Date()): LoginTransactions {
  return {
    async begin({ state, browser, returnTo }) {
      const now = clock()
      await db.deleteFrom('login_transactions').where('expires_at', '<', now).execute()
      await db
        .insertInto('login_transactions')
        .values({
          state_hash: hashOf(state),
          browser_hash: hashOf(browser),
          return_to: returnTo,
          expires_at: new Date(now.getTime() + LOGIN_MINUTES * 60_000),
        })
        .execute()
    },

    async finish({ state, browser }) {
      const row = await db
        .deleteFrom('login_transactions')
        .where('state_hash', '=', hashOf(state))
        .returningAll()
        .executeTakeFirst()
      if (!row || row.expires_at <= clock() || row.browser_hash !== hashOf(browser)) return null
      return { returnTo: row.return_to }
    },
  }
}
