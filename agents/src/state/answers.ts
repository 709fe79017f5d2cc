import type { Answer } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type Kysely, sql } from 'kysely'
import type { Database } from './database.ts'
import { keepLineage } from './keep-lineage.ts'
import { type KeptAnswer, keptAnswer } from './kept-answer.ts'
import { storable, unknownThread } from './threads.ts'

export interface Answers {
  /**
   * Keeps an answer, for good when the promise resolves. Moves its thread to the top of the list and replaces an answer
   * with the same id. `access` is the fingerprint of what the person could see. @throws NOT_FOUND when the thread is gone or somebody else's.
   */
  save(answer: Answer, principalId: string, access: string | null): Promise<void>
  /** @throws NOT_FOUND */
  get(id: string, principalId: string): Promise<KeptAnswer>
  /** The answer whose receipt has this id. @throws NOT_FOUND */
  ofReceipt(receiptId: string, principalId: string): Promise<KeptAnswer>
}

export function answerStore(db: Kysely<Database>): Answers {
  const answersOf = (principalId: string) =>
    db
      .selectFrom('answers')
      .leftJoin('feedback', 'feedback.answer_id', 'answers.id')
      .select(['answers.answer', 'answers.access', 'feedback.vote'])
      .where('answers.principal_id', '=', principalId)

  return {
    async save(answer, principalId, access) {
      // One statement, one round trip, one commit.
      const { rows } = await sql`
        with thread as (
          update threads set updated_at = ${new Date()}
          where id = ${answer.threadId} and principal_id = ${principalId}
          returning id
        ),
        saved as (
          insert into answers (id, thread_id, principal_id, receipt_id, question, status, answer, access, created_at)
          select ${answer.id}, thread.id, ${principalId}, ${answer.receipt?.id ?? null}, ${storable(answer.question)},
            ${answer.status}, ${JSON.stringify(answer)}::json, ${access}, ${new Date(answer.createdAt)}::timestamptz
          from thread
          on conflict (id) do update set
            receipt_id = excluded.receipt_id, question = excluded.question,
            status = excluded.status, answer = excluded.answer, access = excluded.access
          where answers.principal_id = excluded.principal_id and answers.thread_id = excluded.thread_id
          returning id
        ),
        traced as (${keepLineage(answer)})
        select id from saved`.execute(db)
      if (rows.length === 0) throw unknownThread()
    },

    async get(id, principalId) {
      const row = await answersOf(principalId).where('answers.id', '=', id).executeTakeFirst()
      if (!row) throw unknownAnswer()
      return keptAnswer(row)
    },

    async ofReceipt(receiptId, principalId) {
      const row = await answersOf(principalId).where('answers.receipt_id', '=', receiptId).executeTakeFirst()
      if (!row) throw new AppError('NOT_FOUND', 'There is no receipt with this id.')
      return keptAnswer(row)
    },
  }
}

export const unknownAnswer = () => new AppError('NOT_FOUND', 'There is no answer with this id.')
