import type { GateOptions, SqlRefusalCode } from '@plumbline/native'
import type { QueryLineage } from '../contract/index.ts'
import { compileGate } from './create-gate.ts'
import { toQueryLineage } from './lineage-of.ts'
import { PARSERS_DISAGREE, parsersAgree } from './second-opinion/index.ts'

/** What is to be said of a statement that is not going to be run. */
export type StatementVerdict =
  | {
      readonly allowed: true
      /** What would run: printed from the checked tree, row filters and masks written in; no limit of rows is added. */
      readonly sql: string
      /** Of the statement before policies were put into it; without known tables, by the names it writes. */
      readonly lineage: QueryLineage
    }
  | {
      readonly allowed: false
      readonly code: SqlRefusalCode | 'SQL_PARSERS_DISAGREE' | 'SQL_COLUMN_UNKNOWN'
      readonly reason: string
    }

/**
 * The gate and the second parser for those who keep queries in files. With `tables: null` a statement is judged alone, whatever
 * tables there are and whoever asks.
 * @throws AppError POLICY_INVALID
 */
export function createStatementCheck(options: GateOptions): (sql: string) => Promise<StatementVerdict> {
  const gate = compileGate(options)
  const { dialect, tables } = options
  return async (text) => {
    const verdict = gate.check(text)
    if (!verdict.allowed) return { allowed: false, code: verdict.code, reason: verdict.reason }
    const { sql, asked, applied } = verdict
    if (!(await parsersAgree({ dialect, sql, asked, tables: verdict.tables, applied })).agree) {
      return { allowed: false, code: 'SQL_PARSERS_DISAGREE', reason: PARSERS_DISAGREE }
    }
    const lineage = toQueryLineage(verdict.lineage)
    const [unknown] = tables ? lineage.unknown : []
    if (unknown) return { allowed: false, code: 'SQL_COLUMN_UNKNOWN', reason: columnUnknown(unknown) }
    return { allowed: true, sql, lineage }
  }
}

function columnUnknown({ name, nearest, within }: QueryLineage['unknown'][number]): string {
  const place = within === null ? '' : ` in ${within}`
  return `Column ${name} is unknown${place}.${nearest === null ? '' : ` Did you mean \`${nearest}\`?`}`
}
