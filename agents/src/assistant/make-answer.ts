import { randomUUID } from 'node:crypto'
import type { Answer, ApprovalOffer, Clarification, Receipt } from '@plumbline/tools/contract'
import type { ErrorShape } from '@plumbline/tools/errors'
import type { AskRun } from '../supervisor/ask-run.ts'
import type { Outcome } from '../supervisor/outcome.ts'

/** What every answer to one question has, however it ends. */
export interface AnswerHead {
  readonly id: string
  readonly threadId: string
  readonly question: string
  readonly createdAt: string
}

const BARE = {
  sql: null,
  columns: [],
  rows: [],
  chart: null,
  receipt: null,
  clarification: null,
  approval: null,
  suggestions: [],
}

export function clarifyAnswer(head: AnswerHead, clarification: Clarification): Answer {
  return { ...head, ...BARE, status: 'clarify', text: clarification.prompt, clarification }
}

/** The thread waits: the person may ask for the approval, or for something narrower. */
export function approvalAnswer(head: AnswerHead, offer: ApprovalOffer, message: string): Answer {
  const text = `${message} You can ask for approval, or ask something narrower.`
  return { ...head, ...BARE, status: 'approval', text, sql: offer.sql, approval: offer }
}

export function failedAnswer(head: AnswerHead, error: ErrorShape, sql: string | null = null): Answer {
  return { ...head, ...BARE, status: 'failed', text: error.message, sql, error }
}

/** Bad input and questions without an answer in the data: nothing ran, and the text says what to do. */
export function refusedAnswer(head: AnswerHead, text: string, suggestions: string[] = [], error?: ErrorShape): Answer {
  return { ...head, ...BARE, status: 'refused', text, suggestions, ...(error ? { error } : {}) }
}

export function outcomeAnswer(head: AnswerHead, outcome: Outcome, run: AskRun, totalMs: number): Answer {
  if (outcome.status === 'failed') return failedAnswer(head, outcome.error, outcome.sql)
  if (outcome.status === 'refused') return refusedAnswer(head, outcome.text, outcome.suggestions, outcome.error)
  const { text, sql, columns, rows, chart, suggestions } = outcome
  const receipt = makeReceipt(outcome, run, totalMs, head.createdAt)
  return { ...head, ...BARE, status: 'answered', text, sql, columns, rows, chart, receipt, suggestions }
}

function makeReceipt(
  outcome: Extract<Outcome, { status: 'answered' }>,
  run: AskRun,
  totalMs: number,
  createdAt: string,
): Receipt {
  const { source, origin, filters, result } = outcome
  const total = (key: 'inputTokens' | 'outputTokens' | 'costUsd') =>
    run.steps.reduce((sum, step) => sum + (step[key] ?? 0), 0)
  return {
    id: randomUUID(),
    source,
    tables: result.tables,
    lineage: result.lineage,
    influences: result.influences,
    origin,
    filters,
    policies: result.policies,
    rowCount: result.rowCount,
    truncated: result.truncated,
    freshness: result.freshness,
    steps: run.steps,
    cost: { usd: total('costUsd'), inputTokens: total('inputTokens'), outputTokens: total('outputTokens') },
    totalMs: Math.round(totalMs * 100) / 100,
    createdAt,
  }
}
