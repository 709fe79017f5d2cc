import type { Vote } from '@plumbline/tools/contract'
import type { Generated } from 'kysely'
import type { BudgetTables } from './budget-tables.ts'
import type { IdentityTables } from './identity-tables.ts'

/** The tables, as the migrations make them. */
export interface Database extends IdentityTables, BudgetTables {
  threads: ThreadTable
  answers: AnswerTable
  feedback: FeedbackTable
  shares: ShareTable
  answer_lineage: AnswerLineageTable
  installation_secrets: InstallationSecretTable
}

export interface ThreadTable {
  id: string
  principal_id: string
  title: string
  created_at: Date
  updated_at: Date
}

export interface AnswerTable {
  id: string
  /** Order of saving within the whole table: two answers may carry the same millisecond. */
  seq: Generated<string>
  thread_id: string
  principal_id: string
  receipt_id: string | null
  question: string
  status: string
  /** The whole Answer as JSON. */
  answer: string
  /** Fingerprint of what the person could see; null before there were rules. */
  access: string | null
  created_at: Date
}

export interface FeedbackTable {
  answer_id: string
  vote: Vote
  comment: string | null
  updated_at: Date
}

export interface ShareTable {
  id: string
  answer_id: string
  principal_id: string
  principal_name: string
  created_at: Date
}

export interface AnswerLineageTable {
  answer_id: string
  source: string
  /** A QueryLineage as JSON. */
  lineage: string
  /** `keyOf` of every table and column that is used. */
  keys: string[]
}

export interface InstallationSecretTable {
  name: string
  value: string
}
