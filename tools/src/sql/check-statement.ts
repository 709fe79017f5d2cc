import type { GateOptions, GateUsedTable, SqlRefusalCode } from '@plumbline/native'
import { compileGate } from './create-gate.ts'
import { PARSERS_DISAGREE, parsersAgree } from './second-opinion/index.ts'

/** What is to be said of a statement that is not going to be run. */
export type StatementVerdict =
  | {
      readonly allowed: true
      /** What would run: printed from the checked tree, row filters and masks written in; no limit of rows is added. */
      readonly sql: string
      /** The same before policies were put into it. */
      readonly asked: string
      readonly tables: readonly GateUsedTable[]
      /** Column names as written, without qualifier; `*` when all columns of something are taken. */
      readonly columns: readonly string[]
    }
  | {
      readonly allowed: false
      readonly code: SqlRefusalCode | 'SQL_PARSERS_DISAGREE'
      readonly reason: string
    }

/**
 * The gate and the second parser for those who keep queries in files. With `tables: null` a statement is judged alone, whatever
 * tables there are and whoever asks.
 * @throws AppError POLICY_INVALID
 */
export function createStatementCheck(options: GateOptions): (sql: string) => Promise<StatementVerdict> {
  const gate = compileGate(options)
  const { dialect } = options
  return async (text) => {
    const verdict = gate.check(text)
    if (!verdict.allowed) return { allowed: false, code: verdict.code, reason: verdict.reason }
    const { sql, asked, tables, columns, applied } = verdict
    if (!(await parsersAgree({ dialect, sql, asked, tables, applied })).agree) {
      return { allowed: false, code: 'SQL_PARSERS_DISAGREE', reason: PARSERS_DISAGREE }
    }
    return { allowed: true, sql, asked, tables, columns }
  }
}
