import { type Kysely, sql } from 'kysely'

/**
 * Appends sealed entries if the head is still the one that they were sealed behind; false when it has moved. A function, because its
 * plans are kept for the session: on the embedded Postgres an entry takes half as long as with the same statements sent each time.
 * The commit is flushed to disk also where the server's default is not to wait for that.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function audit_append(entries jsonb) returns boolean language plpgsql as $$
    declare
      first jsonb := entries -> 0;
      last jsonb := entries -> -1;
    begin
      if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
      end if;
      update audit_head set seq = (last ->> 'seq')::bigint, hash = last ->> 'hash'
        where id = 1 and seq = (first ->> 'seq')::bigint - 1 and hash = first ->> 'prevHash';
      if not found then
        return false;
      end if;
      insert into audit_log (seq, hash, entry)
        select (added ->> 'seq')::bigint, added ->> 'hash', added - 'hash' from jsonb_array_elements(entries) as added;
      return true;
    end $$`.execute(db)
}
