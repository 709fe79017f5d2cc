import { type Kysely, sql } from 'kysely'

/** The versions of the policy document. The newest is in force; none is ever changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists policy_versions (
      version integer primary key check (version > 0),
      yaml text not null,
      document json not null,
      hash text not null,
      author_id text not null,
      author_name text not null,
      comment text not null,
      restored integer references policy_versions,
      created_at timestamptz not null
    )`.execute(db)
  await sql`
    create or replace trigger policy_versions_append_only before update or delete or truncate on policy_versions
      for each statement execute function refuse_change()`.execute(db)
  await sql`alter table policy_versions enable always trigger policy_versions_append_only`.execute(db)
}
