import { randomBytes } from 'node:crypto'
import type { Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { Kysely } from 'kysely'
import { unknownAnswer } from './answers.ts'
import type { Database } from './database.ts'
import { type KeptAnswer, keptAnswer } from './kept-answer.ts'

export interface Shares {
  /** A link to an answer of one's own; the same one again when it is shared already. @throws NOT_FOUND */
  create(answerId: string, sharer: Principal): Promise<{ id: string }>
  /** The answer behind a link, as it was kept: it must be presented under the rules of who opens it. @throws NOT_FOUND */
  open(id: string): Promise<{ kept: KeptAnswer; sharedBy: string }>
  /** Takes a link back. @throws NOT_FOUND when there is none of this person. */
  revoke(id: string, principalId: string): Promise<void>
}

export function shareStore(db: Kysely<Database>): Shares {
  return {
    async create(answerId, sharer) {
      const answer = await db
        .selectFrom('answers')
        .select('id')
        .where('id', '=', answerId)
        .where('principal_id', '=', sharer.id)
        .executeTakeFirst()
      if (!answer) throw unknownAnswer()
      const known = await db.selectFrom('shares').select('id').where('answer_id', '=', answerId).executeTakeFirst()
      if (known) return known
      // The id is what lets one in: as hard to guess as a session.
      const id = randomBytes(24).toString('base64url')
      await db
        .insertInto('shares')
        .values({
          id,
          answer_id: answerId,
          principal_id: sharer.id,
          principal_name: sharer.name,
          created_at: new Date(),
        })
        .execute()
      return { id }
    },

    async open(id) {
      const row = await db
        .selectFrom('shares')
        .innerJoin('answers', 'answers.id', 'shares.answer_id')
        .select(['answers.answer', 'answers.access', 'shares.principal_name'])
        .where('shares.id', '=', id)
        .executeTakeFirst()
      if (!row) throw unknownShare()
      return { kept: keptAnswer({ ...row, vote: null }), sharedBy: row.principal_name }
    },

    async revoke(id, principalId) {
      const { numDeletedRows } = await db
        .deleteFrom('shares')
        .where('id', '=', id)
        .where('principal_id', '=', principalId)
        .executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) throw unknownShare()
    },
  }
}

const unknownShare = () => new AppError('NOT_FOUND', 'This link was taken back, or never was one.')
