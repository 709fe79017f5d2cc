import type { ApprovalState, Estimate, ScanFigure } from '@plumbline/tools/contract'
import type { ColumnType, Generated } from 'kysely'

/** JSON in a column: written as text, read parsed. */
type Json<T> = ColumnType<T, string, string>

/** The tables of budgets, as migrations 0040 and 0041 make them. */
export interface BudgetTables {
  usage: UsageTable
  usage_reservations: UsageReservationTable
  approvals: ApprovalTable
}

/** One person on one day (UTC, `YYYY-MM-DD`). Counts come as text: they are bigint. */
export interface UsageTable {
  principal_id: string
  day: string
  input_tokens: Generated<string>
  output_tokens: Generated<string>
  usd: Generated<number>
  questions: Generated<string>
  queries: Generated<string>
  rows_scanned: Generated<number>
  /** Sum of the open reservations, in the row itself: the check and the reservation are one update of one row. */
  held_tokens: Generated<string>
  held_usd: Generated<number>
}

/** What a model call that runs may use at most. */
export interface UsageReservationTable {
  id: string
  principal_id: string
  day: string
  tokens: string
  usd: number
  /** A process that died gives nothing back: then it ends by itself. */
  expires_at: Date
}

export interface ApprovalTable {
  id: string
  state: Exclude<ApprovalState, 'expired'>
  principal_id: string
  principal_name: string
  source: string
  thread_id: string
  answer_id: string
  question: string
  sql: string
  query_hash: string
  figure: ScanFigure
  value: number | null
  limit_value: number
  rules: Json<string[]>
  hint: string
  estimate: Json<Estimate>
  /** Through which door the question came. */
  surface: string
  comment: string | null
  created_at: Date
  requested_at: Date | null
  expires_at: Date
  decided_by_id: string | null
  decided_by_name: string | null
  decided_at: Date | null
  decision_comment: string | null
  /** The answer has become the result, or says why not. */
  delivered_at: Date | null
}
