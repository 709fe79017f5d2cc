import type { Vote } from '@plumbline/tools/contract'
import type { Generated } from 'kysely'

/** The tables, as the migrations make them. */
export interface Database {
  threads: ThreadTable
  answers: AnswerTable
  feedback: FeedbackTable
  login_sessions: LoginSessionTable
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
  created_at: Date
}

export interface FeedbackTable {
  answer_id: string
  vote: Vote
  comment: string | null
  updated_at: Date
}

export interface LoginSessionTable {
  /** SHA-256 of the cookie's value, hex: the value itself is never stored. */
  token_hash: string
  principal_id: string
  created_at: Date
  expires_at: Date
}
