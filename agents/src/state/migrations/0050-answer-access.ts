import { type Kysely, sql } from 'kysely'

/** Under which access an answer was made, answers that are shared, and secrets the installation makes for itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table answers add column if not exists access text`.execute(db)
  await db.schema
    .createTable('shares')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('answer_id', 'text', (column) => column.notNull().references('answers.id').onDelete('cascade'))
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('principal_name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('shares_answer').ifNotExists().on('shares').column('answer_id').execute()
  await db.schema
    .createTable('installation_secrets')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
}
