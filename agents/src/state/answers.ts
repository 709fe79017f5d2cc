import type { Answer, Receipt, Vote } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type Kysely, sql } from 'kysely'
import type { Database } from './database.ts'
import { storable, unknownThread } from './threads.ts'

const TITLE_CHARS = 80

export interface Answers {
  /**
   * Keeps an answer, for good when the promise resolves. Makes the thread where it is new (titled by the question), moves
   * it to the top of the list, and replaces an answer with the same id. @throws NOT_FOUND for a thread of somebody else.
   */
  save(principalId: string, answer: Answer): Promise<void>
  /** @throws NOT_FOUND */
  get(principalId: string, id: string): Promise<Answer & { vote: Vote | null }>
  /** The receipt with this id. @throws NOT_FOUND */
  receipt(principalId: string, receiptId: string): Promise<Receipt>
}

export function answerStore(db: Kysely<Database>): Answers {
  return {
    async save(principalId, answer) {
      const now = new Date()
      const title = titleOf(answer.question)
      // One statement, one round trip, one commit.
      const { rows } = await sql`
        with thread as (
          insert into threads (id, principal_id, title, created_at, updated_at)
          values (${answer.threadId}, ${principalId}, ${title}, ${now}, ${now})
          on conflict (id) do update set updated_at = excluded.updated_at
          where threads.principal_id = excluded.principal_id
          returning id
        )
        insert into answers (id, thread_id, principal_id, receipt_id, question, status, answer, created_at)
        select ${answer.id}, thread.id, ${principalId}, ${answer.receipt?.id ?? null}, ${storable(answer.question)},
          ${answer.status}, ${JSON.stringify(answer)}::json, ${new Date(answer.createdAt)}::timestamptz
        from thread
        on conflict (id) do update set
          receipt_id = excluded.receipt_id, question = excluded.question,
          status = excluded.status, answer = excluded.answer
        where answers.principal_id = excluded.principal_id and answers.thread_id = excluded.thread_id
        returning id`.execute(db)
      if (rows.length === 0) throw unknownThread()
    },

    async get(principalId, id) {
      const row = await db
        .selectFrom('answers')
        .leftJoin('feedback', 'feedback.answer_id', 'answers.id')
        .select(['answers.answer', 'feedback.vote'])
        .where('answers.id', '=', id)
        .where('answers.principal_id', '=', principalId)
        .executeTakeFirst()
      if (!row) throw unknownAnswer()
      return { ...(row.answer as unknown as Answer), vote: row.vote }
    },

    async receipt(principalId, receiptId) {
      const row = await db
        .selectFrom('answers')
        .select(sql<Receipt>`answer -> 'receipt'`.as('receipt'))
        .where('receipt_id', '=', receiptId)
        .where('principal_id', '=', principalId)
        .executeTakeFirst()
      if (!row) throw new AppError('NOT_FOUND', 'There is no receipt with this id.')
      return row.receipt
    },
  }
}

/** The first question as a title: one line, cut between words. */
function titleOf(question: string): string {
  const line = storable(question).replace(/\s+/g, ' ').trim()
  if (line === '') return 'New thread'
  if (line.length <= TITLE_CHARS) return line
  const cut = line.slice(0, TITLE_CHARS - 1)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_CHARS / 2)).trimEnd()}…`
}

export const unknownAnswer = () => new AppError('NOT_FOUND', 'There is no answer with this id.')
