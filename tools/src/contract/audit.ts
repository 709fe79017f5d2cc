import { z } from 'zod'

/** Through which door it came in. */
export const AuditSurface = z.enum(['page', 'rest', 'mcp', 'cli', 'slack', 'stdio', 'export', 'share', 'system'])
export type AuditSurface = z.infer<typeof AuditSurface>

/** What was done. Entries stay for ever: a name may be added here, none may be taken away. */
export const AuditAction = z.enum([
  // Data
  'query',
  'explain',
  'list-values',
  'describe',
  /** A question that was refused before there was a statement. A refused statement is a `query` with the outcome `refused`. */
  'refusal',
  'export',
  'share-created',
  'share-opened',
  'share-revoked',
  // Access
  'login',
  'login-failed',
  'logout',
  'sessions-ended',
  'key-created',
  'key-revoked',
  'token-issued',
  'token-revoked',
  /** A refresh token that had been used: somebody has a copy. */
  'token-reused',
  'signing-key-rotated',
  'user-changed',
  'approval-requested',
  'approval-granted',
  'approval-denied',
  // Rules and the log itself
  'policy-changed',
  'policy-restored',
  'policy-dry-run',
  'audit-exported',
])
export type AuditAction = z.infer<typeof AuditAction>

export const AuditOutcome = z.enum(['ok', 'refused', 'failed', 'cancelled'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

const Count = z.number().int().nonnegative()
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 as 64 hexadecimal digits')

/** `prevHash` of the first entry. */
export const FIRST_PREV_HASH = '0'.repeat(64)

/**
 * What a caller hands to the sink; all but who, where, what and how it ended may be left out.
 *
 * Secrets are the caller's to leave out: `sqlRun` holds no salt of a mask (write `<salt>` in its place), `error.message` is the
 * message of an AppError and never that of a driver, and `question` is what the person typed.
 */
export const NewAuditEntry = z
  .object({
    principal: z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }),
    surface: AuditSurface,
    action: AuditAction,
    outcome: AuditOutcome,
    question: z.string().nullable().default(null),
    /** Name of the data source. */
    source: z.string().nullable().default(null),
    /** The statement as it came in. */
    sqlAsked: z.string().nullable().default(null),
    /** The statement as it ran, with row filters and masks; null when none ran. */
    sqlRun: z.string().nullable().default(null),
    /** Ids of the rules that were applied. */
    policies: z.array(z.string()).default([]),
    /** What was read, or was asked for when it was refused. */
    tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })).default([]),
    /** Rows given out; null when the action gives none. */
    rowsOut: Count.nullable().default(null),
    cost: z
      .object({
        /** US dollars for language models. */
        usd: z.number().nonnegative(),
        inputTokens: Count,
        outputTokens: Count,
        /** What the system said beforehand that the query reads. */
        estimate: z
          .object({ rows: z.number().nonnegative().nullable(), bytes: z.number().nonnegative().nullable() })
          .nullable()
          .default(null),
      })
      .default({ usd: 0, inputTokens: 0, outputTokens: 0, estimate: null }),
    /** Milliseconds it took. */
    ms: z.number().nonnegative().nullable().default(null),
    error: z.object({ code: z.string(), message: z.string() }).nullable().default(null),
    answerId: z.string().nullable().default(null),
    requestId: z.string().nullable().default(null),
    /** Facts of an administrative action: `{ version: 7 }`, `{ keyId: "…" }`. */
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  })
  .strict()
/** As a caller writes it. */
export type NewAuditEntry = z.input<typeof NewAuditEntry>

/**
 * One entry of the log. `hash` is the SHA-256, in hex, of the canonical JSON (RFC 8785) of all the other fields, `prevHash` among
 * them: a changed, removed, inserted or moved entry breaks the chain.
 */
export const AuditEntry = NewAuditEntry.extend({
  /** 1, 2, 3, … without a gap. */
  seq: z.number().int().positive(),
  /** ISO 8601 in UTC with milliseconds, by the clock of the process that recorded it. */
  at: z.iso.datetime({ precision: 3 }),
  prevHash: Sha256,
  hash: Sha256,
})
export type AuditEntry = z.infer<typeof AuditEntry>

const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'expected a day (2026-11-24) or a moment (2026-11-24T09:00:00Z)',
})

/** Filters of GET /api/audit and of an export; all that are given must hold. */
export const AuditFilter = z.object({
  /** ISO 8601: at this moment or later. A day alone is its start, in UTC. */
  from: Moment.optional(),
  /** ISO 8601: before this moment. A day alone is included whole. */
  to: Moment.optional(),
  /** Id of the principal. */
  principal: z.string().min(1).max(300).optional(),
  action: AuditAction.optional(),
  surface: AuditSurface.optional(),
  outcome: AuditOutcome.optional(),
  /** Name of a table that was read or asked for, in any case; `table.column` for one column. */
  table: z.string().min(1).max(600).optional(),
  /** Words, or their beginnings, that all stand in the question, the SQL as it came in, the error, the principal or the ids. */
  text: z.string().min(1).max(300).optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

/** GET /api/audit: newest first. `next` goes into `?before=` for the following page; null on the last. */
export const AuditPage = z.object({ entries: z.array(AuditEntry), next: z.number().int().positive().nullable() })
export type AuditPage = z.infer<typeof AuditPage>

/** The newest entry: what to keep elsewhere, so that a cut tail shows. */
export const AuditHead = z.object({ seq: z.number().int().nonnegative(), hash: Sha256 })
export type AuditHead = z.infer<typeof AuditHead>

/** What is wrong with a chain, and where. */
export const AuditFault = z.object({
  kind: z.enum([
    'unreadable',
    'changed',
    'missing',
    'inserted',
    'reordered',
    'truncated',
    'rewritten',
    'anchor-forged',
  ]),
  /** The first entry at fault. */
  seq: z.number().int(),
  /** For the reader: "Entry 7 was changed: …". */
  message: z.string(),
})
export type AuditFault = z.infer<typeof AuditFault>

/** GET /api/audit/verify, and `plumbline audit verify`. */
export const AuditVerdict = z.object({
  ok: z.boolean(),
  /** Entries that were read. */
  checked: Count,
  /** The newest entry read; seq 0 when there is none. */
  head: AuditHead,
  fault: AuditFault.nullable(),
})
export type AuditVerdict = z.infer<typeof AuditVerdict>
