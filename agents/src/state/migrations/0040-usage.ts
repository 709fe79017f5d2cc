import { type Kysely, sql } from 'kysely'

/** What each person uses a day, and what model calls that run hold of it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const zero = sql`0`
  await db.schema
    .createTable('usage')
    .ifNotExists()
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('input_tokens', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('output_tokens', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('usd', 'double precision', (column) => column.notNull().defaultTo(zero))
    .addColumn('questions', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('queries', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('rows_scanned', 'double precision', (column) => column.notNull().defaultTo(zero))
    .addColumn('held_tokens', 'bigint', (column) => column.notNull().defaultTo(zero))
    .addColumn('held_usd', 'double precision', (column) => column.notNull().defaultTo(zero))
    .addPrimaryKeyConstraint('usage_pkey', ['principal_id', 'day'])
    .execute()
  await db.schema.createIndex('usage_by_day').ifNotExists().on('usage').column('day').execute()
  await db.schema
    .createTable('usage_reservations')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('tokens', 'bigint', (column) => column.notNull())
    .addColumn('usd', 'double precision', (column) => column.notNull())
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('usage_reservations_of_day')
    .ifNotExists()
    .on('usage_reservations')
    .columns(['principal_id', 'day'])
    .execute()
}
