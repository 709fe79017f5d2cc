import { type Kysely, sql } from 'kysely'

/** Threads and their answers, with feedback. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('threads')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('threads_newest')
    .ifNotExists()
    .on('threads')
    .columns(['principal_id', 'updated_at desc', 'id desc'])
    .execute()

  await db.schema
    .createTable('answers')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.generatedAlwaysAsIdentity())
    .addColumn('thread_id', 'text', (column) => column.notNull().references('threads.id').onDelete('cascade'))
    .addColumn('principal_id', 'text', (column) => column.notNull())
    .addColumn('receipt_id', 'text')
    .addColumn('question', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    // `json`, not `jsonb`: a data value may hold U+0000 or a lone surrogate, which jsonb refuses; and it is kept as sent.
    .addColumn('answer', 'json', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('answers_of_thread').ifNotExists().on('answers').columns(['thread_id', 'seq']).execute()
  await db.schema
    .createIndex('answers_by_receipt')
    .ifNotExists()
    .unique()
    .on('answers')
    .column('receipt_id')
    .where(sql.ref('receipt_id'), 'is not', null)
    .execute()

  await db.schema
    .createTable('feedback')
    .ifNotExists()
    .addColumn('answer_id', 'text', (column) => column.primaryKey().references('answers.id').onDelete('cascade'))
    .addColumn('vote', 'text', (column) => column.notNull().check(sql`vote in ('up', 'down')`))
    .addColumn('comment', 'text')
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
    .execute()
}
