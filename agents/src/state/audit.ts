import {
  type AuditSink,
  auditUnavailable,
  completeEntry,
  GroupCommit,
  type PendingEntry,
  type VerifyOptions,
  verifyChain,
} from '@plumbline/tools/audit'
import type {
  AuditEntry,
  AuditFilter,
  AuditHead,
  AuditPage,
  AuditVerdict,
  NewAuditEntry,
} from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type Kysely, sql } from 'kysely'
import { appendAudit, insertBehind, readHead, sealAll } from './audit-append.ts'
import { auditCondition } from './audit-search.ts'
import type { Database } from './database.ts'
import { toStateError } from './state-error.ts'

export interface AuditLog extends AuditSink {
  /** Newest first. `next` of a page goes into `before` for the following one. */
  search(filter: AuditFilter, page?: { limit?: number; before?: number | undefined }): Promise<AuditPage>
  /** @throws NOT_FOUND */
  get(seq: number): Promise<AuditEntry>
  head(): Promise<AuditHead>
  /** Oldest first, up to the head of the moment of the call. */
  entries(filter?: AuditFilter): AsyncIterable<AuditEntry>
  /** Reads the whole chain, up to the head of the moment of the call. */
  verify(options?: Pick<VerifyOptions, 'anchors' | 'onProgress'>): Promise<AuditVerdict>
}

/** Entries that one query of a long reading brings. */
const READ = 500
/** How long a caller waits for its record; whatever holds up the database, the query then fails. */
const RECORD_MS = 10_000

interface Row {
  seq: string
  entry: AuditEntry
}

/** @param recordMs how long `record` waits before it fails. */
export function auditLog(db: Kysely<Database>, { recordMs = RECORD_MS } = {}): AuditLog {
  const commit = new GroupCommit(groupWriter(db))
  const select = sql`select seq, entry || jsonb_build_object('hash', hash) as entry from audit_log`

  async function* read(condition: ReturnType<typeof auditCondition>, upTo: number): AsyncIterable<AuditEntry> {
    for (let after = Number.MIN_SAFE_INTEGER; ; ) {
      const { rows } = await sql<Row>`
        ${select} where seq > ${after} and seq <= ${upTo} and ${condition} order by seq limit ${READ}`
        .execute(db)
        .catch(rethrow)
      for (const { entry } of rows) yield entry
      const last = rows.at(-1)
      if (!last || rows.length < READ) return
      after = Number(last.seq)
    }
  }

  return {
    record: (entry) => withinTime(recordMs, record(commit, entry)),

    async search(filter, { limit = 50, before } = {}) {
      const older = before === undefined ? sql`true` : sql`seq < ${before}`
      const { rows } = await sql<Row>`
        ${select} where ${older} and ${auditCondition(filter)} order by seq desc limit ${limit + 1}`
        .execute(db)
        .catch(rethrow)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return { entries: shown.map(({ entry }) => entry), next: rows.length > limit && last ? Number(last.seq) : null }
    },

    async get(seq) {
      const { rows } = await sql<Row>`${select} where seq = ${seq}`.execute(db).catch(rethrow)
      if (!rows[0]) throw new AppError('NOT_FOUND', `The audit log has no entry ${seq}.`)
      return rows[0].entry
    },

    head: () => readHead(db).catch(rethrow),

    async *entries(filter = {}) {
      const condition = auditCondition(filter)
      const { seq } = await readHead(db).catch(rethrow)
      yield* read(condition, seq)
    },

    async verify(options = {}) {
      const tip = await readHead(db).catch(rethrow)
      const verdict = await verifyChain(read(sql`true`, tip.seq), { ...options, tip })
      if (!verdict.ok) return verdict
      // What was written meanwhile moved the head with it; a row beyond the head was put there by other means.
      const { rows } = await sql<{ seq: string }>`
        select seq from audit_log where seq > (select seq from audit_head where id = 1) order by seq limit 1`
        .execute(db)
        .catch(rethrow)
      if (!rows[0]) return verdict
      const seq = Number(rows[0].seq)
      const message = `Entry ${seq} was inserted: it stands behind the head of the log.`
      return { ...verdict, ok: false, fault: { kind: 'inserted', seq, message } }
    },
  }
}

async function record(commit: GroupCommit<PendingEntry, AuditHead>, entry: NewAuditEntry): Promise<AuditHead> {
  try {
    return await commit.add(completeEntry(entry, new Date()))
  } catch (error) {
    throw auditUnavailable(error)
  }
}

/**
 * Writes groups behind the head that the last group left: one statement when nobody else writes to this log. When another process
 * did, the head is locked first, so that this one can not lose again and again.
 */
function groupWriter(db: Kysely<Database>) {
  let known: AuditHead | null = null
  return async (entries: readonly PendingEntry[]): Promise<AuditHead[]> => {
    const head: AuditHead = known ?? (await readHead(db))
    known = null
    let sealed = sealAll(entries, head)
    if (!(await insertBehind(db, sealed).catch(falseIfSerialized))) {
      sealed = await db
        .transaction()
        .setIsolationLevel('read committed')
        .execute((tx) => appendAudit(tx, entries))
    }
    const heads = sealed.map(({ seq, hash }) => ({ seq, hash }))
    known = heads.at(-1) ?? null
    return heads
  }
}

/** 40001: in a database whose default is a stricter isolation, to be late is an error and not an empty update. */
function falseIfSerialized(error: unknown): false {
  if ((error as { code?: unknown }).code === '40001') return false
  throw error
}

function withinTime<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(auditUnavailable(new Error(`no answer within ${ms} ms`))), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function rethrow(error: unknown): never {
  throw toStateError(error)
}
