import type { Approval, ApprovalOffer, ApprovalPage, ApprovalState, Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { ApprovalCheck } from '@plumbline/tools/governance'
import type { Kysely, Selectable } from 'kysely'
import type { ApprovalTable } from './budget-tables.ts'
import type { Database } from './database.ts'
import { storable } from './threads.ts'

/** How long a request waits, from when it is made. */
export const APPROVAL_HOURS = 24
/** A query may have grown a little since somebody looked at it. */
const GROWTH = 1.1

/** A query over a budget that was offered to its asker. */
export interface NewApproval {
  readonly offer: ApprovalOffer
  readonly asker: Principal
  readonly source: string
  readonly queryHash: string
  readonly question: string
  readonly threadId: string
  readonly answerId: string
  readonly surface: string
}

/** An approval whose answer is to be made. */
export interface Undelivered {
  readonly approval: Approval
  readonly surface: string
}

export interface Approvals extends ApprovalCheck {
  offer(offered: NewApproval): Promise<void>
  /** One's own, or anybody's for who may approve (`null`). @throws NOT_FOUND */
  get(id: string, principalId: string | null): Promise<Approval>
  /** Newest first. `notOf` leaves out the person's own, `of` everybody else's. */
  list(filter: ApprovalFilter, page?: { limit?: number; before?: string }): Promise<ApprovalPage>
  /** The asker wants it. @throws NOT_FOUND, CONFLICT */
  request(id: string, principalId: string, comment?: string): Promise<Approval>
  /** @throws NOT_FOUND; CONFLICT when it does not wait (any more); FORBIDDEN for the asker. */
  decide(id: string, by: Principal, decision: 'approved' | 'declined', comment?: string): Promise<Approval>
  /** The asker went on: what the thread waits for is not wanted any more. */
  withdraw(threadId: string): Promise<void>
  /** Decided, and the answer does not say so yet: what a restart has to go on with. Null: there is nothing to do. */
  undelivered(id: string): Promise<Undelivered | null>
  allUndelivered(): Promise<string[]>
  delivered(id: string): Promise<void>
}

export interface ApprovalFilter {
  readonly of?: string
  readonly notOf?: string
  readonly state?: ApprovalState
}

/** `clock` is the time of day, for tests. Every change is one statement: of two at the same time one finds nothing to change. */
export function approvalStore(db: Kysely<Database>, clock = () => new Date()): Approvals {
  const find = (id: string) => db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst()
  const read = (row: Selectable<ApprovalTable>) => toApproval(row, clock())

  const approvals: Approvals = {
    async offer({ offer, asker, source, queryHash, question, threadId, answerId, surface }) {
      await db
        .insertInto('approvals')
        .values({
          id: offer.id,
          state: 'offered',
          principal_id: asker.id,
          principal_name: storable(asker.name),
          source,
          thread_id: threadId,
          answer_id: answerId,
          question: storable(question),
          sql: storable(offer.sql),
          query_hash: queryHash,
          figure: offer.figure,
          value: offer.value,
          limit_value: offer.limit,
          rules: JSON.stringify(offer.rules),
          hint: storable(offer.hint),
          estimate: JSON.stringify(offer.estimate),
          surface,
          comment: null,
          created_at: clock(),
          requested_at: null,
          expires_at: new Date(offer.expiresAt),
          decided_by_id: null,
          decided_by_name: null,
          decided_at: null,
          decision_comment: null,
          delivered_at: null,
        })
        .execute()
    },

    async get(id, principalId) {
      const row = await find(id)
      if (!row || (principalId !== null && row.principal_id !== principalId)) throw unknownApproval()
      return read(row)
    },

    async list({ of, notOf, state }, { limit = 50, before } = {}) {
      let query = db.selectFrom('approvals').selectAll()
      if (of !== undefined) query = query.where('principal_id', '=', of)
      // What was only offered is between the asker and the page.
      if (notOf !== undefined) query = query.where('principal_id', '<>', notOf).where('requested_at', 'is not', null)
      if (state === 'expired') {
        query = query.where('expires_at', '<=', clock()).where('state', 'in', [...MAY_EXPIRE])
      } else if (state !== undefined) {
        query = query.where('state', '=', state)
        if (MAY_EXPIRE.has(state)) query = query.where('expires_at', '>', clock())
      }
      if (before !== undefined) {
        const { at, id } = readCursor(before)
        query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(at, id)))
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const next = rows.length > limit && last ? `${last.created_at.getTime()}.${last.id}` : null
      return { approvals: shown.map(read), next }
    },

    async request(id, principalId, comment) {
      const now = clock()
      const row = await db
        .updateTable('approvals')
        .set({
          state: 'requested',
          requested_at: now,
          expires_at: new Date(now.getTime() + APPROVAL_HOURS * 3_600_000),
          comment: comment === undefined ? null : storable(comment),
        })
        .where('id', '=', id)
        .where('principal_id', '=', principalId)
        .where('state', '=', 'offered')
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst()
      if (row) return read(row)
      throw notNow((await approvals.get(id, principalId)).state)
    },

    async decide(id, by, decision, comment) {
      const now = clock()
      const row = await db
        .updateTable('approvals')
        .set({
          state: decision,
          decided_by_id: by.id,
          decided_by_name: storable(by.name),
          decided_at: now,
          decision_comment: comment === undefined ? null : storable(comment),
        })
        .where('id', '=', id)
        .where('principal_id', '<>', by.id)
        .where('state', '=', 'requested')
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst()
      if (row) return read(row)
      throw mayNotDecide(await approvals.get(id, null), by) ?? notNow('requested')
    },

    async withdraw(threadId) {
      await db
        .updateTable('approvals')
        .set({ state: 'withdrawn' })
        .where('thread_id', '=', threadId)
        .where('state', 'in', ['offered', 'requested', 'approved'])
        .execute()
    },

    async undelivered(id) {
      const row = await find(id)
      if (!row || row.delivered_at !== null) return null
      const approval = read(row)
      const decided = approval.state === 'approved' || approval.state === 'declined' || approval.state === 'used'
      return decided ? { approval, surface: row.surface } : null
    },

    async allUndelivered() {
      const rows = await db
        .selectFrom('approvals')
        .select('id')
        .where('delivered_at', 'is', null)
        .where((eb) =>
          eb.or([
            eb('state', 'in', ['used', 'declined']),
            eb.and([eb('state', '=', 'approved'), eb('expires_at', '>', clock())]),
          ]),
        )
        .orderBy('decided_at')
        .execute()
      return rows.map(({ id }) => id)
    },

    async delivered(id) {
      await db.updateTable('approvals').set({ delivered_at: clock() }).where('id', '=', id).execute()
    },

    async redeem({ id, principalId, source, queryHash, figure, value }) {
      const row = await find(id)
      if (!row || row.principal_id !== principalId || row.source !== source || row.query_hash !== queryHash) {
        throw new AppError('FORBIDDEN', 'This approval is for another query.', { data: { approvalId: id } })
      }
      if (row.figure !== figure || (row.value !== null && (value ?? Number.POSITIVE_INFINITY) > row.value * GROWTH)) {
        throw new AppError('FORBIDDEN', 'The query would take more now than was approved: ask for approval again.', {
          data: { approvalId: id },
        })
      }
      const used = await db
        .updateTable('approvals')
        .set({ state: 'used' })
        .where('id', '=', id)
        .where('state', '=', 'approved')
        .where('expires_at', '>', clock())
        .returning('id')
        .executeTakeFirst()
      if (!used) throw notNow((await approvals.get(id, null)).state)
    },
  }
  return approvals
}

/** States that end by themselves. */
const MAY_EXPIRE: ReadonlySet<ApprovalState> & ReadonlySet<ApprovalTable['state']> = new Set([
  'offered',
  'requested',
  'approved',
] as const)

const WORDS: Record<ApprovalState, string> = {
  offered: 'Nobody has asked for this approval yet.',
  requested: 'This approval is asked for already and waits for somebody who may give it.',
  approved: 'This is approved already.',
  used: 'This approval was used already: ask again for another run.',
  declined: 'This was declined already.',
  withdrawn: 'This approval is not wanted any more: the thread went on with another question.',
  expired: 'This approval has expired: ask the question again.',
}

const notNow = (state: ApprovalState) => new AppError('CONFLICT', WORDS[state], { data: { state } })

/** Why a decision is refused; asked before the decision is recorded, and again when it came too late. */
export function mayNotDecide(approval: Approval, by: Principal): AppError | null {
  if (approval.asker.id === by.id) {
    return new AppError('FORBIDDEN', 'You can not approve your own query: somebody else has to look at it.')
  }
  return approval.state === 'requested' ? null : notNow(approval.state)
}

const unknownApproval = () => new AppError('NOT_FOUND', 'There is no approval with this id.')

function readCursor(text: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.(.{1,200})$/s.exec(text)
  if (!match) throw new AppError('INPUT_INVALID', '`before` must be the `next` of the page before.')
  return { at: new Date(Number(match[1])), id: match[2] ?? '' }
}

function toApproval(row: Selectable<ApprovalTable>, now: Date): Approval {
  const over = MAY_EXPIRE.has(row.state) && row.expires_at <= now
  return {
    id: row.id,
    state: over ? 'expired' : row.state,
    asker: { id: row.principal_id, name: row.principal_name },
    source: row.source,
    question: row.question,
    sql: row.sql,
    figure: row.figure,
    value: row.value,
    limit: row.limit_value,
    rules: row.rules,
    estimate: row.estimate,
    hint: row.hint,
    threadId: row.thread_id,
    answerId: row.answer_id,
    comment: row.comment,
    createdAt: row.created_at.toISOString(),
    requestedAt: row.requested_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
    decision:
      row.decided_by_id === null || row.decided_at === null
        ? null
        : {
            by: { id: row.decided_by_id, name: row.decided_by_name ?? '' },
            at: row.decided_at.toISOString(),
            comment: row.decision_comment,
          },
  }
}
