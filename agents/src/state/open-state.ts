import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import { type Answers, answerStore } from './answers.ts'
import { type Approvals, approvalStore } from './approvals.ts'
import { type AuditLog, auditLog } from './audit.ts'
import type { Database } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { type FeedbackStore, feedbackStore } from './feedback.ts'
import { type IdentityStores, identityStores } from './identity-stores.ts'
import { type InstallationSecrets, installationSecretStore } from './installation-secrets.ts'
import { type LineageStore, lineageStore } from './lineage.ts'
import { migrate } from './migrate.ts'
import { openPolicies } from './open-policies.ts'
import type { PolicyStore } from './policy-store.ts'
import { openServer } from './server.ts'
import { type Sessions, sessionStore } from './sessions.ts'
import { type Shares, shareStore } from './shares.ts'
import { toStateError, withStateErrors } from './state-error.ts'
import { type Threads, threadStore } from './threads.ts'
import { type UsageStore, usageStore } from './usage.ts'

/** What the process remembers. One process owns an embedded state; a server may be shared. */
export interface State {
  readonly kind: 'embedded' | 'server'
  /**
   * For libraries that want the driver. Embedded, it holds ONE connection: never wait for a second one while holding the
   * first (in a transaction, use the transaction's own handle).
   */
  readonly pool: pg.Pool
  readonly db: Kysely<Database>
  readonly threads: Threads
  readonly answers: Answers
  readonly feedback: FeedbackStore
  readonly sessions: Sessions
  readonly identity: IdentityStores
  readonly shares: Shares
  readonly secrets: InstallationSecrets
  /** The record of what was done: nothing is given out before it is in here. */
  readonly audit: AuditLog
  readonly policies: PolicyStore
  /** What each person uses of models and sources. */
  readonly usage: UsageStore
  readonly approvals: Approvals
  /** What saved answers are made of. */
  readonly lineage: LineageStore
  close(): Promise<void>
}

/**
 * Opens the state and brings its tables up to date.
 * @throws DATA_DIR_LOCKED, DISK_FULL or STATE_UNAVAILABLE, each with what to do.
 */
export async function openState(config: {
  readonly dataDir: string
  readonly databaseUrl?: string | undefined
  readonly policiesFile?: string | undefined
}): Promise<State> {
  const kind = config.databaseUrl ? 'server' : 'embedded'
  try {
    const open = config.databaseUrl ? openServer(config.databaseUrl) : await openEmbedded(config.dataDir)
    // A lost connection is reported by its query, or by the next one; without listeners it would end the process.
    open.pool.on('error', () => {})
    open.pool.on('connect', (client) => client.on('error', () => {}))
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: open.pool }) })
    let policies: PolicyStore | undefined
    const close = async () => {
      policies?.close()
      await db.destroy()
      await open.close()
    }
    const audit = auditLog(db)
    try {
      await migrate(db)
      open.ready()
      policies = await openPolicies(db, { audit, shared: kind === 'server', file: config.policiesFile })
    } catch (error) {
      await close()
      throw error
    }
    return {
      kind,
      pool: open.pool,
      db,
      threads: withStateErrors(threadStore(db)),
      answers: withStateErrors(answerStore(db)),
      feedback: withStateErrors(feedbackStore(db)),
      sessions: withStateErrors(sessionStore(db)),
      identity: identityStores(db),
      shares: withStateErrors(shareStore(db)),
      secrets: withStateErrors(installationSecretStore(db)),
      audit,
      policies,
      usage: withStateErrors(usageStore(db)),
      approvals: withStateErrors(approvalStore(db)),
      lineage: withStateErrors(lineageStore(db)),
      close,
    }
  } catch (error) {
    throw toStateError(error)
  }
}
