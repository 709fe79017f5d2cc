import type { Kysely } from 'kysely'

/**
 * Access tokens: the keys that sign them, and the grants they come from. A grant is one family of refresh tokens; the access
 * tokens name it, so that ending the grant ends all of them at once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('signing_keys')
    .ifNotExists()
    .addColumn('kid', 'text', (column) => column.primaryKey())
    .addColumn('public_jwk', 'json', (column) => column.notNull())
    .addColumn('private_jwk', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('retired_at', 'timestamptz')
    .execute()

  await db.schema
    .createTable('token_grants')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('scopes', 'json', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('api_key_id', 'text', (column) => column.references('api_keys.id').onDelete('cascade'))
    .addColumn('session_hash', 'text')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .addColumn('revoked_at', 'timestamptz')
    .execute()
  await db.schema.createIndex('token_grants_of_user').ifNotExists().on('token_grants').column('user_id').execute()
  await db.schema.createIndex('token_grants_of_key').ifNotExists().on('token_grants').column('api_key_id').execute()
  await db.schema
    .createIndex('token_grants_of_session')
    .ifNotExists()
    .on('token_grants')
    .column('session_hash')
    .execute()

  await db.schema
    .createTable('refresh_tokens')
    .ifNotExists()
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('grant_id', 'text', (column) => column.notNull().references('token_grants.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('used_at', 'timestamptz')
    .execute()
  await db.schema.createIndex('refresh_tokens_of_grant').ifNotExists().on('refresh_tokens').column('grant_id').execute()
}
