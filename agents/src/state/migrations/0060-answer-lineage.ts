import { type Kysely, sql } from 'kysely'

/**
 * What each saved answer is made of. `keys` holds every table and every column that its query uses, so that what uses one is
 * found by index. Answers of before have the tables and columns of their receipts, which may be too many: not exact.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('answer_lineage')
    .ifNotExists()
    .addColumn('answer_id', 'text', (column) => column.primaryKey().references('answers.id').onDelete('cascade'))
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('lineage', 'json', (column) => column.notNull())
    .addColumn('keys', sql`text[]`, (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('answer_lineage_keys')
    .ifNotExists()
    .on('answer_lineage')
    .using('gin')
    .column('keys')
    .execute()
  await sql`
    insert into answer_lineage (answer_id, source, lineage, keys)
    select id, answer #>> '{receipt,source,name}',
      json_build_object('columns', '[]'::json, 'influences', '[]'::json, 'tables', answer #> '{receipt,tables}',
        'unknown', '[]'::json, 'exact', false),
      array(
        select lower(used ->> 'name') from json_array_elements(answer #> '{receipt,tables}') used
        union
        select lower(used ->> 'name') || chr(31) || lower(name)
        from json_array_elements(answer #> '{receipt,tables}') used, json_array_elements_text(used -> 'columns') name
      )
    from answers where receipt_id is not null
    on conflict do nothing`.execute(db)
}
