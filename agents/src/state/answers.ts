import type { Answer, Receipt, Vote } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type Kysely, sql } from 'kysely'
import type { Database } from './database.ts'
import { storable, unknownThread } from './threads.ts'

export interface Answers {
  /**
   * Keeps an answer, for good when the promise resolves. Moves its thread to the top of the list and replaces an answer
   * with the same id. @throws NOT_FOUND when the thread is gone or somebody else's.
   */
  save(answer: Answer, principalId: string): Promise<void>
  /** @throws NOT_FOUND */
  get(id: string, principalId: string): Promise<Answer & { vote: Vote | null }>
  /** The receipt with this id. @throws NOT_FOUND */
  receipt(receiptId: string, principalId: string): Promise<Receipt>
}

export function answerStore(db: Kysely<Database>): Answers {
  return {
    async save(answer, principalId) {
      // One statement, one round trip, one commit.
      const { rows } = await sql`
        with thread as (
          update threads set updated_at = ${new Date()}
          where id = ${answer.threadId} and principal_id = ${principalId}
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

    async get(id, principalId) {
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

    async receipt(receiptId, principalId) {
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

export const unknownAnswer = () => new AppError('NOT_FOUND', 'There is no answer with this id.')
