import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from './database.ts'

export interface InstallationSecrets {
  /** The secret of this name: 256 random bits as base64url, made when it is first asked for and the same ever after. */
  get(name: string): Promise<string>
}

export function installationSecretStore(db: Kysely<Database>): InstallationSecrets {
  return {
    async get(name) {
      const value = randomBytes(32).toString('base64url')
      // Two processes may ask at once: whoever comes second takes what is there.
      await db
        .insertInto('installation_secrets')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
      const row = await db
        .selectFrom('installation_secrets')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
      return row.value
    },
  }
}
