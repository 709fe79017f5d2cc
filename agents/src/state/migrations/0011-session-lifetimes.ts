import { type Kysely, sql } from 'kysely'

/** Sessions say how they began and end when they are not used. Those of a one-time link stay as they are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table login_sessions
      add column if not exists signed_in_by text not null default 'link',
      add column if not exists idle_seconds integer,
      add column if not exists last_used_at timestamptz not null default now(),
      add column if not exists id_token text
  `.execute(db)
  await db.schema
    .createIndex('login_sessions_of_principal')
    .ifNotExists()
    .on('login_sessions')
    .column('principal_id')
    .execute()
}
