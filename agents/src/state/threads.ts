import { randomUUID } from 'node:crypto'
import type { Thread, ThreadPage } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type Kysely, type Selectable, sql } from 'kysely'
import { CHECKPOINT_SCHEMA } from './checkpoint-schema.ts'
import type { Database, ThreadTable } from './database.ts'
import { type KeptAnswer, keptAnswer } from './kept-answer.ts'

/** Answers that `get` gives at most: the newest ones. A page that shows more is not read. */
export const ANSWERS_SHOWN = 100

/** Every method acts for one principal: a thread of somebody else is as unknown as one that never was. */
export interface Threads {
  /** Newest first. `next` goes into `before` for the following page, and is null on the last. */
  list(principalId: string, page?: { limit?: number; before?: string }): Promise<ThreadPage>
  /** @throws CONFLICT when the id is taken. */
  create(thread: { id?: string; title?: string; principalId: string }): Promise<Thread>
  /** Ask before you use a thread id that came from outside. */
  exists(id: string, principalId: string): Promise<boolean>
  /** The thread with its newest answers, oldest first. @throws NOT_FOUND */
  get(id: string, principalId: string): Promise<Thread & { answers: KeptAnswer[] }>
  /** @throws NOT_FOUND */
  rename(id: string, principalId: string, title: string): Promise<Thread>
  /** Deletes its answers, feedback and checkpoints with it. @throws NOT_FOUND */
  delete(id: string, principalId: string): Promise<void>
}

export function threadStore(db: Kysely<Database>): Threads {
  const threadsOf = (principalId: string) =>
    db
      .selectFrom('threads')
      .selectAll('threads')
      .select((eb) =>
        eb
          .selectFrom('answers')
          .whereRef('answers.thread_id', '=', 'threads.id')
          .select((inner) => inner.fn.countAll<string>().as('count'))
          .as('answer_count'),
      )
      .where('threads.principal_id', '=', principalId)

  const find = async (id: string, principalId: string) => {
    const row = await threadsOf(principalId).where('threads.id', '=', id).executeTakeFirst()
    return row ? toThread(row) : null
  }

  return {
    exists: async (id, principalId) => (await find(id, principalId)) !== null,

    async list(principalId, { limit = 50, before } = {}) {
      let query = threadsOf(principalId)
      if (before !== undefined) {
        const { at, id } = readCursor(before)
        query = query.where((eb) => eb(eb.refTuple('updated_at', 'id'), '<', eb.tuple(at, id)))
      }
      const rows = await query
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const next = rows.length > limit && last ? `${last.updated_at.getTime()}.${last.id}` : null
      return { threads: shown.map(toThread), next }
    },

    async create({ id = randomUUID(), title = 'New thread', principalId }) {
      const now = new Date()
      const row = await db
        .insertInto('threads')
        .values({ id, principal_id: principalId, title: storable(title), created_at: now, updated_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      if (!row) throw new AppError('CONFLICT', 'A thread with this id exists already.')
      return toThread({ ...row, answer_count: '0' })
    },

    async get(id, principalId) {
      const thread = await find(id, principalId)
      if (!thread) throw unknownThread()
      const rows = await db
        .selectFrom('answers')
        .leftJoin('feedback', 'feedback.answer_id', 'answers.id')
        .select(['answers.answer', 'answers.access', 'feedback.vote'])
        .where('answers.thread_id', '=', id)
        .orderBy('answers.seq', 'desc')
        .limit(ANSWERS_SHOWN)
        .execute()
      const answers = rows.reverse().map(keptAnswer)
      return { ...thread, answers }
    },

    async rename(id, principalId, title) {
      await db
        .updateTable('threads')
        .set({ title: storable(title) })
        .where('id', '=', id)
        .where('principal_id', '=', principalId)
        .execute()
      const thread = await find(id, principalId)
      if (!thread) throw unknownThread()
      return thread
    },

    async delete(id, principalId) {
      await db.transaction().execute(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom('threads')
          .where('id', '=', id)
          .where('principal_id', '=', principalId)
          .executeTakeFirstOrThrow()
        if (numDeletedRows === 0n) throw unknownThread()
        await deleteCheckpoints(tx, id)
      })
    },
  }
}

/** The checkpoint tables belong to LangGraph and exist once a checkpointer was made. */
async function deleteCheckpoints(db: Kysely<Database>, threadId: string): Promise<void> {
  for (const table of ['checkpoint_writes', 'checkpoint_blobs', 'checkpoints']) {
    const name = `${CHECKPOINT_SCHEMA}.${table}`
    const { rows } = await sql<{ found: boolean }>`select to_regclass(${name}) is not null as found`.execute(db)
    if (rows[0]?.found) await sql`delete from ${sql.table(name)} where thread_id = ${threadId}`.execute(db)
  }
}

function toThread(row: Selectable<ThreadTable> & { answer_count: string | null }): Thread {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    answerCount: Number(row.answer_count ?? 0),
  }
}

function readCursor(text: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.(.{1,200})$/s.exec(text)
  if (!match) throw new AppError('INPUT_INVALID', '`before` must be the `next` of the page before.')
  return { at: new Date(Number(match[1])), id: match[2] ?? '' }
}

/** Postgres has no U+0000 in text. */
export const storable = (text: string) => text.replaceAll('\0', '\uFFFD')

export const unknownThread = () => new AppError('NOT_FOUND', 'This thread does not exist (any more).')
