import { analyzeSql, type SqlDialect, type SqlRefusalCode, type SqlTable } from '@plumbline/native'
import { disagreement, PARSERS_DISAGREE, secondOpinion } from './second-opinion/index.ts'

/** What is to be said of a statement alone, whatever tables there are and whoever asks. */
export type StatementVerdict =
  | {
      readonly allowed: true
      /** Printed from the checked tree. */
      readonly sql: string
      readonly tables: readonly SqlTable[]
      /** Column names as written, without qualifier; `*` when all columns of something are taken. */
      readonly columns: readonly string[]
    }
  | {
      readonly allowed: false
      readonly code: SqlRefusalCode | 'SQL_PARSERS_DISAGREE'
      readonly reason: string
    }

/** The guard and the second parser on a text that is not going to be run: for those who keep queries in files. */
export async function checkStatement(sql: string, dialect: SqlDialect): Promise<StatementVerdict> {
  const verdict = analyzeSql(sql, dialect)
  if (!verdict.allowed) return { allowed: false, code: verdict.code, reason: verdict.reason }
  const { sql: printed, tables, columns } = verdict
  if (disagreement(tables, await secondOpinion(printed, dialect), dialect)) {
    return { allowed: false, code: 'SQL_PARSERS_DISAGREE', reason: PARSERS_DISAGREE }
  }
  return { allowed: true, sql: printed, tables, columns }
}
