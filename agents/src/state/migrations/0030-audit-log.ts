import { type Kysely, sql } from 'kysely'

/**
 * The audit log. `entry` is the whole entry but its hash; nothing of it stands in a second place that could say something else. The
 * triggers keep everybody from changing it by mistake or through the program; whoever owns the database can remove them, and then
 * the chain shows it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table if not exists audit_log (
      seq bigint primary key,
      hash text not null,
      entry jsonb not null check ((entry -> 'seq')::bigint = seq)
    )`.execute(db)
  await sql`
    create table if not exists audit_head (
      id smallint primary key check (id = 1),
      seq bigint not null,
      hash text not null
    )`.execute(db)
  await sql`
    insert into audit_head (id, seq, hash) values (1, 0, repeat('0', 64)) on conflict do nothing`.execute(db)

  await sql`
    create or replace function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = '42501';
    end $$`.execute(db)
  await sql`
    create or replace function audit_head_forward() returns trigger language plpgsql as $$
    begin
      if new.seq <= old.seq then
        raise exception 'the head of the audit log only moves forward' using errcode = '42501';
      end if;
      return new;
    end $$`.execute(db)
  for (const [name, table, event] of [
    [
      'audit_log_append_only',
      'audit_log',
      'before update or delete or truncate on audit_log for each statement execute function refuse_change()',
    ],
    [
      'audit_head_kept',
      'audit_head',
      'before delete or truncate on audit_head for each statement execute function refuse_change()',
    ],
    [
      'audit_head_forward',
      'audit_head',
      'before update on audit_head for each row execute function audit_head_forward()',
    ],
  ] as const) {
    await sql`create or replace trigger ${sql.ref(name)} ${sql.raw(event)}`.execute(db)
    // Also in a session that replays as a replica, where ordinary triggers are silent.
    await sql`alter table ${sql.table(table)} enable always trigger ${sql.ref(name)}`.execute(db)
  }

  // For search: the words of an entry, without those of the SQL that ran: they are those of the SQL that was asked and of the rules,
  // and would double the cost of an entry. Punctuation goes first, because the parser would take `flights.origin` for a host name;
  // 100,000 characters stay below what a tsvector holds (1 MB).
  await sql`
    create or replace function audit_words(entry jsonb) returns tsvector language sql immutable parallel safe as $$
      select to_tsvector('pg_catalog.simple', translate(left(
        coalesce(entry ->> 'question', '') || ' ' || coalesce(entry ->> 'sqlAsked', '') || ' '
        || coalesce(entry #>> '{error,code}', '') || ' ' || coalesce(entry #>> '{error,message}', '') || ' '
        || coalesce(entry #>> '{principal,id}', '') || ' ' || coalesce(entry #>> '{principal,name}', '') || ' '
        || coalesce(entry ->> 'answerId', '') || ' ' || coalesce(entry ->> 'requestId', '') || ' '
        || coalesce(entry ->> 'source', '') || ' ' || coalesce(entry ->> 'policies', '') || ' '
        || coalesce(entry ->> 'details', ''), 100000),
        '!"#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~', repeat(' ', 32)))
    $$`.execute(db)
  await sql`
    create or replace function audit_tables(entry jsonb) returns jsonb language sql immutable parallel safe as $$
      select lower(coalesce(entry -> 'tables', '[]')::text)::jsonb
    $$`.execute(db)
  for (const [name, on] of [
    ['audit_log_at', `(((entry ->> 'at') collate "C"), seq)`],
    ['audit_log_principal', `((left(entry #>> '{principal,id}', 300)), seq)`],
    ['audit_log_action', `((entry ->> 'action'), seq)`],
    ['audit_log_surface', `((entry ->> 'surface'), seq)`],
    ['audit_log_outcome', `((entry ->> 'outcome'), seq)`],
    ['audit_log_tables', 'using gin (audit_tables(entry) jsonb_path_ops)'],
    ['audit_log_words', 'using gin (audit_words(entry))'],
  ] as const) {
    await sql`create index if not exists ${sql.ref(name)} on audit_log ${sql.raw(on)}`.execute(db)
  }
}
