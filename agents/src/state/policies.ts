import { auditUnavailable, completeEntry } from '@plumbline/tools/audit'
import type { AuditSurface, PolicyDocument, PolicyText, PolicyVersion, Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type Kysely, sql, type Transaction } from 'kysely'
import { appendAudit } from './audit-append.ts'
import type { Database } from './database.ts'
import { type PolicyStore, policyHash } from './policy-store.ts'
import { toStateError } from './state-error.ts'
import { storable } from './threads.ts'

/** For how long what was read counts as the newest: another process's change is noticed after at most this. */
const FRESH_MS = 1000

interface Row {
  version: number
  yaml: string
  document: PolicyDocument
  hash: string
  author_id: string
  author_name: string
  comment: string
  restored: number | null
  created_at: Date
}

type Listener = (current: PolicyText | null) => void

/**
 * The policy document in Postgres.
 * @param parse checks a text; throws POLICY_INVALID with all faults.
 * @param shared whether other processes may write to the same database: then it is looked at again and again.
 */
export function policyVersions(
  db: Kysely<Database>,
  { parse, shared }: { parse: (yaml: string) => PolicyDocument; shared: boolean },
): PolicyStore {
  const listeners = new Set<Listener>()
  let known: { current: PolicyText | null; at: number } | null = null
  let looking: Promise<PolicyText | null> | null = null
  let timer: NodeJS.Timeout | undefined

  function learn(current: PolicyText | null): PolicyText | null {
    const before = known?.current?.version ?? 0
    const first = known === null
    // A look that began before a save may end after it.
    if ((current?.version ?? 0) >= before) known = { current, at: Date.now() }
    if (!first && (current?.version ?? 0) > before) for (const listener of listeners) listener(current)
    return known?.current ?? null
  }

  async function look(): Promise<PolicyText | null> {
    const { rows } = await sql<{ version: number | null }>`select max(version) as version from policy_versions`.execute(
      db,
    )
    const version = rows[0]?.version ?? 0
    if (known && version === (known.current?.version ?? 0)) return learn(known.current)
    if (version === 0) return learn(null)
    const text = await read(db, version)
    if (policyHash(text.yaml) !== text.hash)
      throw new AppError(
        'POLICY_INVALID',
        `Version ${version} of the policies was changed in the database: save it anew.`,
      )
    // The text decides: what is stored beside it as JSON is for reading old versions only.
    return learn({ ...text, document: parse(text.yaml) })
  }

  async function current(): Promise<PolicyText | null> {
    if (known && (!shared || Date.now() - known.at < FRESH_MS)) return known.current
    looking ??= look().finally(() => {
      looking = null
    })
    return looking
  }

  async function add({ text, author, comment, expectedVersion, surface, restored }: Addition): Promise<PolicyText> {
    const newest = await current()
    const stale = (version: number) =>
      new AppError('CONFLICT', `Somebody saved version ${version} meanwhile: look at it, then save again.`, {
        data: { version },
      })
    if (newest && newest.yaml === text && newest.version === expectedVersion) return newest
    const version = expectedVersion + 1
    const row: Row = {
      version,
      yaml: text,
      document: parse(text),
      hash: policyHash(text),
      author_id: author.id,
      author_name: storable(author.name),
      comment: storable(comment),
      restored,
      created_at: new Date(),
    }
    await db.transaction().execute(async (tx) => {
      const taken = await insert(tx, row)
      if (taken !== null) throw stale(taken)
      const entry = completeEntry(
        {
          principal: { id: author.id, name: author.name, roles: author.roles },
          surface,
          action: restored === null ? 'policy-changed' : 'policy-restored',
          outcome: 'ok',
          details: { version, hash: row.hash, comment, ...(restored === null ? {} : { restored }) },
        },
        row.created_at,
      )
      // With the version, or neither: no change of the rules is without its record.
      await appendAudit(tx, [entry]).catch((cause: unknown) => {
        throw auditUnavailable(cause, 'The audit log can not be written, so the rules stay as they were.')
      })
    })
    const saved = toText(row)
    learn(saved)
    return saved
  }

  return {
    origin: { kind: 'store' },
    current: () => current().catch(rethrow),
    save: ({ yaml, ...rest }) => add({ text: yaml, restored: null, ...rest }).catch(rethrow),

    async restore({ version, ...rest }) {
      const { yaml } = await read(db, version).catch(rethrow)
      return add({ text: yaml, comment: `Version ${version} again`, restored: version, ...rest }).catch(rethrow)
    },

    async list() {
      const { rows } = await sql<Omit<Row, 'yaml' | 'document'>>`
        select version, hash, author_id, author_name, comment, restored, created_at from policy_versions
        order by version desc limit 1000`
        .execute(db)
        .catch(rethrow)
      return rows.map(toVersion)
    },

    get: (version) => read(db, version).catch(rethrow),

    onChange(listener) {
      listeners.add(listener)
      if (shared) {
        timer ??= setInterval(() => void current().catch(() => {}), FRESH_MS)
        timer.unref()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) close()
      }
    },

    close,
  }

  function close(): void {
    clearInterval(timer)
    timer = undefined
  }
}

interface Addition {
  readonly text: string
  readonly author: Principal
  readonly comment: string
  readonly expectedVersion: number
  readonly surface: AuditSurface
  readonly restored: number | null
}

/** Null, or the newest version when that is not the one before. The lock makes two that save at once take turns. */
async function insert(tx: Transaction<Database>, row: Row): Promise<number | null> {
  await sql`lock table policy_versions in share row exclusive mode`.execute(tx)
  const { rows } = await sql<{ version: number | null }>`select max(version) as version from policy_versions`.execute(
    tx,
  )
  const newest = rows[0]?.version ?? 0
  if (newest !== row.version - 1) return newest
  await sql`
    insert into policy_versions
      (version, yaml, document, hash, author_id, author_name, comment, restored, created_at)
    values (${row.version}, ${row.yaml}, ${JSON.stringify(row.document)}::json, ${row.hash}, ${row.author_id},
      ${row.author_name}, ${row.comment}, ${row.restored}, ${row.created_at})`.execute(tx)
  return null
}

async function read(db: Kysely<Database>, version: number): Promise<PolicyText> {
  const { rows } = await sql<Row>`select * from policy_versions where version = ${version}`.execute(db)
  if (!rows[0]) throw new AppError('NOT_FOUND', `There is no version ${version} of the policies.`)
  return toText(rows[0])
}

function toVersion(row: Omit<Row, 'yaml' | 'document'>): PolicyVersion {
  return {
    version: row.version,
    author: { id: row.author_id, name: row.author_name },
    comment: row.comment,
    createdAt: row.created_at.toISOString(),
    hash: row.hash,
    restored: row.restored,
  }
}

const toText = (row: Row): PolicyText => ({ ...toVersion(row), yaml: row.yaml, document: row.document })

function rethrow(error: unknown): never {
  throw toStateError(error)
}
