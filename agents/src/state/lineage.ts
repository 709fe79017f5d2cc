import type { ImpactedItem, QueryLineage } from '@plumbline/tools/contract'
import { keyOf, type TracedAnswer, useOf } from '@plumbline/tools/lineage'
import { type Kysely, sql } from 'kysely'
import { unknownAnswer } from './answers.ts'
import type { Database } from './database.ts'

/** Whose answers are looked at: one's own, or with the permission `lineage.read` everybody's. */
export interface LineageReader {
  readonly principalId: string
  readonly all: boolean
}

export interface LineageStore {
  /** An answer with what it is made of. @throws NOT_FOUND, also for an answer without a query */
  of(answerId: string, reader: LineageReader): Promise<TracedAnswer>
  /** Saved answers that use a table, or one column of it: the newest first, at most `limit`. */
  impact(
    used: { source: string; table: string; column: string | null },
    reader: LineageReader,
    limit: number,
  ): Promise<ImpactedItem[]>
}

export function lineageStore(db: Kysely<Database>): LineageStore {
  const traced = (reader: LineageReader) => {
    const rows = db.selectFrom('answer_lineage').innerJoin('answers', 'answers.id', 'answer_lineage.answer_id')
    return reader.all ? rows : rows.where('answers.principal_id', '=', reader.principalId)
  }
  return {
    async of(answerId, reader) {
      const row = await traced(reader)
        .select([
          'answers.id',
          'answers.thread_id',
          'answers.question',
          'answers.principal_id',
          'answer_lineage.source',
          'answer_lineage.lineage',
        ])
        .select(sql<string | null>`answers.answer ->> 'sql'`.as('sql'))
        .where('answers.id', '=', answerId)
        .executeTakeFirst()
      if (!row) throw unknownAnswer()
      const { id, question, source } = row
      const own = row.principal_id === reader.principalId
      return { id, threadId: row.thread_id, question, source, sql: own ? row.sql : null, lineage: lineageIn(row) }
    },

    async impact({ source, table, column }, reader, limit) {
      const rows = await traced(reader)
        .select(['answers.id', 'answers.thread_id', 'answers.question', 'answers.principal_id', 'answers.created_at'])
        .select('answer_lineage.lineage')
        .where('answer_lineage.source', '=', source)
        .where(sql<boolean>`answer_lineage.keys @> array[${keyOf(table, column)}]::text[]`)
        .orderBy('answers.created_at', 'desc')
        .orderBy('answers.seq', 'desc')
        .limit(limit)
        .execute()
      return rows.flatMap((row): ImpactedItem[] => {
        const use = useOf(lineageIn(row), table, column)
        if (!use) return []
        const item = { kind: 'answer' as const, id: row.id, title: row.question, threadId: row.thread_id }
        return [{ ...item, owner: row.principal_id, ...use, createdAt: row.created_at.toISOString() }]
      })
    },
  }
}

/** The driver has parsed the JSON already. */
const lineageIn = (row: { lineage: string }) => row.lineage as unknown as QueryLineage
