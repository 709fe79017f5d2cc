import { type PendingEntry, sealEntry } from '@plumbline/tools/audit'
import type { AuditEntry, AuditHead } from '@plumbline/tools/contract'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { Database } from './database.ts'

/** Entries linked one after another behind `head`. */
export function sealAll(entries: readonly PendingEntry[], head: AuditHead): [AuditEntry, ...AuditEntry[]] {
  const sealed: AuditEntry[] = []
  for (const entry of entries) sealed.push(sealEntry(entry, sealed.at(-1) ?? head))
  return sealed as [AuditEntry, ...AuditEntry[]]
}

/**
 * Adds entries in a transaction of the caller: they are there if what it does is there. The row of the head stays locked until it
 * ends, so do this last.
 */
export async function appendAudit(
  tx: Transaction<Database>,
  entries: readonly PendingEntry[],
): Promise<[AuditEntry, ...AuditEntry[]]> {
  const sealed = sealAll(entries, await readHead(tx, sql`for update`))
  if (!(await insertBehind(tx, sealed))) throw new Error('the locked head of the audit log has moved')
  return sealed
}

export async function readHead(db: Kysely<Database>, lock: RawBuilder<unknown> = sql``): Promise<AuditHead> {
  const { rows } = await sql<{ seq: string; hash: string }>`
    select seq, hash from audit_head where id = 1 ${lock}`.execute(db)
  const [row] = rows
  if (!row) throw new Error('the head of the audit log is gone')
  return { seq: Number(row.seq), hash: row.hash }
}

/** Writes sealed entries if the head is still the one that they were sealed behind; false when it has moved (migration 0032). */
export async function insertBehind(db: Kysely<Database>, sealed: readonly AuditEntry[]): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select audit_append(${JSON.stringify(sealed)}::jsonb) as done`.execute(db)
  return rows[0]?.done === true
}
