import type { Kysely, Selectable } from 'kysely'
import type { Database } from './database.ts'
import type { SigningKeyTable } from './identity-tables.ts'

export type SigningKeyRecord = Selectable<SigningKeyTable>

export interface SigningKeyStore {
  /** Newest first. */
  list(): Promise<SigningKeyRecord[]>
  /** Adds a key that signs from now on; those before it only verify. */
  add(key: { kid: string; publicJwk: object; privateJwk: string; at: Date }): Promise<void>
  /** Forgets the keys that were retired before this. */
  deleteRetiredBefore(at: Date): Promise<void>
}

export function signingKeyStore(db: Kysely<Database>): SigningKeyStore {
  return {
    list: () => db.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').orderBy('kid').execute(),

    async add({ kid, publicJwk, privateJwk, at }) {
      await db.transaction().execute(async (tx) => {
        await tx.updateTable('signing_keys').set({ retired_at: at }).where('retired_at', 'is', null).execute()
        await tx
          .insertInto('signing_keys')
          .values({
            kid,
            public_jwk: JSON.stringify(publicJwk),
            private_jwk: privateJwk,
            created_at: at,
            retired_at: null,
          })
          .execute()
      })
    },

    async deleteRetiredBefore(at) {
      await db.deleteFrom('signing_keys').where('retired_at', '<', at).execute()
    },
  }
}
