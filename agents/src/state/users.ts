import { AppError } from '@plumbline/tools/errors'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './database.ts'
import type { UserTable } from './identity-tables.ts'
import { TOUCH_MS } from './sessions.ts'
import { storable } from './threads.ts'

export type UserRecord = Selectable<UserTable>

/** What the identity provider says of a person. */
export interface UserProfile {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly groups: readonly string[]
  readonly attributes: UserRecord['attributes']
}

export interface Users {
  /** Writes down a sign-in; what the provider says replaces what it said before. A disabled person stays disabled. */
  save(profile: UserProfile): Promise<UserRecord>
  /** The person, seen now; null when unknown. */
  find(id: string): Promise<UserRecord | null>
  list(): Promise<UserRecord[]>
  /** @throws NOT_FOUND */
  setDisabled(id: string, disabled: boolean): Promise<UserRecord>
}

/** People by what the identity provider says of them. `clock` is the time of day, for tests. */
export function userStore(db: Kysely<Database>, clock = () => new Date()): Users {
  return {
    async save({ id, name, email, groups, attributes }) {
      const now = clock()
      const said = {
        name: storable(name),
        email: email === null ? null : storable(email),
        groups: JSON.stringify(groups),
        attributes: JSON.stringify(attributes),
        last_seen_at: now,
      }
      return db
        .insertInto('users')
        .values({ id, ...said, created_at: now, disabled_at: null })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(said))
        .returningAll()
        .executeTakeFirstOrThrow()
    },

    async find(id) {
      const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) return null
      const now = clock()
      if (row.disabled_at === null && now.getTime() - (row.last_seen_at?.getTime() ?? 0) >= TOUCH_MS) {
        await db.updateTable('users').set({ last_seen_at: now }).where('id', '=', id).execute()
      }
      return row
    },

    list: () => db.selectFrom('users').selectAll().orderBy('created_at').orderBy('id').execute(),

    async setDisabled(id, disabled) {
      const row = await db
        .updateTable('users')
        .set({ disabled_at: disabled ? clock() : null })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      if (!row) throw new AppError('NOT_FOUND', 'Nobody with this id has signed in here.')
      return row
    },
  }
}
