import { type Kysely, sql } from 'kysely'

/** pgvector, for the memory of questions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists vector`.execute(db)
}
