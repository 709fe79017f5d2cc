import type { AuditAction, AuditOutcome, NewAuditEntry } from '@plumbline/tools/contract'
import { type AppError, type Code, toAppError } from '@plumbline/tools/errors'
import type { GovernedQuery } from '@plumbline/tools/sql'
import type { ToolContext } from './connection.ts'

/** What a call learns on its way, for its entry in the audit log. */
export interface AuditNotes {
  query?: GovernedQuery
  /** The system was asked to run it. */
  ran?: boolean
  policies?: readonly string[]
  rowsOut?: number
  estimate?: { readonly rows: number | null; readonly bytes: number | null }
}

/** Errors that mean "no": the call was understood and not let through. Others are failures of a system. */
const REFUSALS: ReadonlySet<Code> = new Set<Code>([
  'QUERY_INVALID',
  'QUERY_NOT_READ_ONLY',
  'QUERY_TOO_COMPLEX',
  'FUNCTION_NOT_ALLOWED',
  'TABLE_UNKNOWN',
  'COLUMN_UNKNOWN',
  'INPUT_INVALID',
  'FORBIDDEN',
  'BUDGET_EXCEEDED',
])

/**
 * Does `work` and records it, however it ends. Nothing is given out before the entry is durable: when it can not be written, the
 * call fails with AUDIT_UNAVAILABLE.
 */
export async function audited<T>(
  context: ToolContext,
  action: AuditAction,
  sqlAsked: string,
  work: (notes: AuditNotes) => Promise<T>,
): Promise<T> {
  const notes: AuditNotes = {}
  const startedAt = performance.now()
  const record = (outcome: AuditOutcome, error?: AppError) =>
    context.connection.governance.audit.record({
      ...entryOf(context, notes),
      action,
      sqlAsked,
      outcome,
      ms: Math.round((performance.now() - startedAt) * 100) / 100,
      error: error ? { code: error.code, message: error.message } : null,
    })
  let value: T
  try {
    value = await work(notes)
  } catch (thrown) {
    const error = toAppError(thrown)
    await record(outcomeOf(error), error)
    throw error
  }
  await record('ok')
  return value
}

function outcomeOf({ code }: AppError): AuditOutcome {
  if (code === 'QUERY_CANCELLED') return 'cancelled'
  return REFUSALS.has(code) ? 'refused' : 'failed'
}

function entryOf(
  { connection, caller, access }: ToolContext,
  notes: AuditNotes,
): Omit<NewAuditEntry, 'action' | 'outcome'> {
  const { id, name, roles } = caller.principal
  const { query } = notes
  const run = query && notes.ran ? withoutSalt(query.sql, access.hashSalt) : null
  return {
    principal: { id, name, roles },
    surface: caller.surface,
    question: caller.question ?? null,
    source: connection.definition.name,
    sqlRun: run,
    policies: [...(notes.policies ?? [])],
    tables: query ? query.tables.map((table) => ({ name: table.name, columns: [...table.columns] })) : [],
    rowsOut: notes.rowsOut ?? null,
    cost: { usd: 0, inputTokens: 0, outputTokens: 0, estimate: notes.estimate ?? null },
    answerId: caller.answerId ?? null,
    requestId: caller.requestId ?? null,
  }
}

/** SQL as it may be shown: whoever knows the salt of hash masks can guess values from their hashes. */
export const withoutSalt = (sql: string, salt: string | null) => (salt === null ? sql : sql.replaceAll(salt, '<salt>'))
