import { Command, INTERRUPT, isInterrupted } from '@langchain/langgraph'
import type { Answer, ApprovalOffer, AskEvent, AuditSurface, Clarification, Principal } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import { formatSql } from '@plumbline/tools/sql'
import { Budget } from '../models/index.ts'
import type { SourceKnowledge } from '../sources/source-knowledge.ts'
import { APPROVAL_HOURS } from '../state/index.ts'
import { type ApprovalDecision, type ApprovalPause, isApprovalPause } from '../supervisor/approval-pause.ts'
import { AskRun } from '../supervisor/ask-run.ts'
import type { SupervisorGraph } from '../supervisor/graph.ts'
import type { freshQuestion } from '../supervisor/thread-state.ts'
import type { AssistantParts } from './build-assistant.ts'
import { dayBudget } from './day-budget.ts'
import {
  type AnswerHead,
  approvalAnswer,
  clarifyAnswer,
  failedAnswer,
  outcomeAnswer,
  refusedAnswer,
} from './make-answer.ts'

/** Who asks, through which door, and what they may see. */
export interface Asking {
  readonly principal: Principal
  readonly surface: AuditSurface
  readonly sources: ReadonlyMap<string, SourceKnowledge>
  readonly access: string
  readonly signal: AbortSignal
  readonly onEvent: (event: AskEvent) => void
}

/** A new question, a choice among what was asked back, or a decision on an approval. */
export type GraphInput = ReturnType<typeof freshQuestion> | Command<string | ApprovalDecision>

/** Lets the graph work on a thread until it has an answer or pauses, and counts what that took. */
export async function runGraph(
  parts: AssistantParts,
  graph: SupervisorGraph,
  asking: Asking,
  input: GraphInput,
  head: AnswerHead,
): Promise<Answer> {
  const startedAt = performance.now()
  const { principal, sources, access, signal, onEvent } = asking
  const limits = await parts.sources.dayLimits(principal)
  const run = new AskRun({
    principal,
    sources,
    access,
    model: parts.model,
    budget: new Budget(parts.limits.budget, dayBudget(parts.state.usage, principal.id, limits)),
    signal,
    maxRows: parts.limits.maxRows,
    timeoutMs: parts.limits.timeoutMs,
    telemetry: parts.telemetry,
    onEvent,
  })
  // One checkpoint a question ('exit'): enough to resume a pause after a restart, and cheap.
  const config = { configurable: { thread_id: head.threadId }, context: { run }, durability: 'exit' as const, signal }
  try {
    // Command names no node here, so its node type is wider than the graph's.
    const state = await graph.invoke(input as Parameters<SupervisorGraph['invoke']>[0], config)
    if (isInterrupted<Clarification | ApprovalPause>(state)) {
      const [first] = state[INTERRUPT]
      if (isApprovalPause(first?.value)) return await offerApproval(parts, asking, head, first.value)
      if (first?.value) return clarifyAnswer(head, first.value as Clarification)
    }
    if (!state.outcome) throw new Error('the graph ended without an outcome')
    return outcomeAnswer(head, state.outcome, run, performance.now() - startedAt)
  } catch (error) {
    if (signal.aborted) return failedAnswer(head, { code: 'QUERY_CANCELLED', message: 'Stopped.' })
    const known = toAppError(error)
    if (known.code === 'INTERNAL') parts.logger.error({ err: error, answerId: head.id }, 'question failed')
    // Nothing broke: the person has used what they may.
    if (known.code === 'BUDGET_EXCEEDED') return refusedAnswer(head, known.message, [], known.toJSON())
    return failedAnswer(head, known.toJSON())
  } finally {
    // Statistics: a question that is answered does not fail for them.
    await parts.state.usage
      .count(principal.id, { questions: input instanceof Command ? 0 : 1, ...run.counted })
      .catch((error: unknown) => parts.logger.error({ err: error }, 'the use of a question was not counted'))
  }
}

async function offerApproval(
  parts: AssistantParts,
  { principal, surface, sources }: Asking,
  head: AnswerHead,
  { id, source, sql, message, over }: ApprovalPause,
): Promise<Answer> {
  const { figure, value, limit, rules, estimate, hint, queryHash } = over
  const offer: ApprovalOffer = {
    id,
    figure,
    value,
    limit,
    rules,
    estimate,
    sql: formatSql(sql, sources.get(source)?.dialect ?? 'duckdb'),
    hint,
    expiresAt: new Date(Date.now() + APPROVAL_HOURS * 3_600_000).toISOString(),
  }
  const { threadId, id: answerId, question } = head
  const offered = { offer, asker: principal, source, queryHash, question, threadId, answerId, surface }
  await parts.state.approvals.offer(offered)
  return approvalAnswer(head, offer, message)
}

/** What the thread waits for, if anything. It survives a restart in the checkpoint. */
export async function pendingPause(
  graph: SupervisorGraph,
  threadId: string,
): Promise<Clarification | ApprovalPause | null> {
  const snapshot = await graph.getState({ configurable: { thread_id: threadId } })
  const [interrupt] = snapshot.tasks.flatMap((task) => task.interrupts)
  return (interrupt?.value as Clarification | ApprovalPause | undefined) ?? null
}
