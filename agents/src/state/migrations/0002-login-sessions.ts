import type { Kysely } from 'kysely'

/** Sessions of the page, by the hash of their cookie. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('login_sessions')
    .ifNotExists()
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()
}
