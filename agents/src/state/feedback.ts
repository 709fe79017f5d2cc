import type { Feedback } from '@plumbline/tools/contract'
import type { Kysely } from 'kysely'
import { unknownAnswer } from './answers.ts'
import type { Database } from './database.ts'
import { storable } from './threads.ts'

export interface FeedbackStore {
  /** Sets the vote on an answer of this principal; `vote: null` takes it back. @throws NOT_FOUND */
  set(answerId: string, principalId: string, feedback: Feedback): Promise<void>
}

export function feedbackStore(db: Kysely<Database>): FeedbackStore {
  return {
    async set(answerId, principalId, { vote, comment }) {
      await db.transaction().execute(async (tx) => {
        const own = await tx
          .selectFrom('answers')
          .select('id')
          .where('id', '=', answerId)
          .where('principal_id', '=', principalId)
          .executeTakeFirst()
        if (!own) throw unknownAnswer()
        if (vote === null) {
          await tx.deleteFrom('feedback').where('answer_id', '=', answerId).execute()
          return
        }
        const row = { vote, comment: comment === undefined ? null : storable(comment), updated_at: new Date() }
        await tx
          .insertInto('feedback')
          .values({ answer_id: answerId, ...row })
          .onConflict((conflict) => conflict.column('answer_id').doUpdateSet(row))
          .execute()
      })
    },
  }
}
