import { StateSchema, UntrackedValue } from '@langchain/langgraph'
import { Clarification } from '@plumbline/tools/contract'
import { QueryPlan } from '@plumbline/tools/plan'
import { z } from 'zod'
import { ApprovalPause } from './approval-pause.ts'
import type { Outcome } from './outcome.ts'

/** An answered question of this thread: what a follow-up changes, and what a model is told of the past. */
export const Turn = z.object({
  question: z.string(),
  reading: z.string(),
  sql: z.string(),
  plan: QueryPlan.nullable(),
})
export type Turn = z.infer<typeof Turn>

/** How the SQL of this question came to be. */
export const Draft = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), plan: QueryPlan, confidence: z.number(), assumptions: z.array(z.string()) }),
  z.object({
    kind: z.literal('sql'),
    sql: z.string(),
    reading: z.string(),
    assumptions: z.array(z.string()),
    origin: z.enum(['verified-query', 'model', 'person']),
  }),
])
export type Draft = z.infer<typeof Draft>

export const Failure = z.object({ sql: z.string(), code: z.string(), message: z.string() })
export type Failure = z.infer<typeof Failure>

export const FailureCounts = z.object({ invalid: z.number(), slow: z.number(), vendor: z.number() })
export type FailureCounts = z.infer<typeof FailureCounts>

/** Turns kept for context: enough for "and in August?" after a detour, small enough for a checkpoint a question. */
export const MAX_TURNS = 6

/**
 * What a thread remembers between questions and restarts. Result rows are never in here: they would be written at every
 * checkpoint, and policies must be applied again at read time.
 */
export const ThreadState = new StateSchema({
  question: z.string(),
  agent: z.enum(['sql', 'insight', 'ml']).default('sql'),
  source: z.string().nullable().default(null),
  turns: z.array(Turn).default([]),
  /** What the person could see when the turns were made: under other rules they are forgotten. */
  access: z.string().nullable().default(null),
  draft: Draft.nullable().default(null),
  /** The draft came from a model (for a plan as well as for SQL). */
  byModel: z.boolean().default(false),
  /** What a model asks back. Kept, because a model asked again may offer other choices than the ones the person saw. */
  clarification: Clarification.nullable().default(null),
  /** The query is over a budget that somebody may lift. */
  pause: ApprovalPause.nullable().default(null),
  query: z.string().nullable().default(null),
  failure: Failure.nullable().default(null),
  failures: FailureCounts.default({ invalid: 0, slow: 0, vendor: 0 }),
  outcome: new UntrackedValue<Outcome | null>(),
})
export type ThreadStateValue = typeof ThreadState.State

/** What a new question starts from; `turns` is left out, because the thread keeps it. */
export function freshQuestion(question: string, source: string | null) {
  return {
    question,
    source,
    agent: 'sql' as const,
    draft: null,
    byModel: false,
    clarification: null,
    pause: null,
    query: null,
    failure: null,
    failures: { invalid: 0, slow: 0, vendor: 0 },
    outcome: null,
  }
}
