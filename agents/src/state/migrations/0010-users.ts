import { type Kysely, sql } from 'kysely'

/** People who have signed in. The person who runs the installation is one of them, without an identity provider. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('groups', 'json', (column) => column.notNull())
    .addColumn('attributes', 'json', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('last_seen_at', 'timestamptz')
    .addColumn('disabled_at', 'timestamptz')
    .execute()
  await sql`
    insert into users (id, name, groups, attributes, created_at)
    values ('local', 'You', '[]', '{}', now()) on conflict (id) do nothing
  `.execute(db)
}
