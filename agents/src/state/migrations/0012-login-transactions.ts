import type { Kysely } from 'kysely'

/** Sign-ins on their way to the identity provider and back: each is used once, within minutes, by the browser that began it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('login_transactions')
    .ifNotExists()
    .addColumn('state_hash', 'text', (column) => column.primaryKey())
    .addColumn('browser_hash', 'text', (column) => column.notNull())
    .addColumn('return_to', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()
}
