import { Command } from '@langchain/langgraph'
import { type Answer, type Approval, AuditSurface, type Principal } from '@plumbline/tools/contract'
import { type ApprovalDecision, isApprovalPause } from '../supervisor/approval-pause.ts'
import type { SupervisorGraph } from '../supervisor/graph.ts'
import type { AssistantParts } from './build-assistant.ts'
import { type AnswerHead, failedAnswer, refusedAnswer } from './make-answer.ts'
import { pendingPause, runGraph } from './run-graph.ts'

/**
 * Makes the answer that a decided approval is waited for by: the graph goes on from its checkpoint, as the asker and with what
 * they may see now. Null: there is nothing (any more) to do. Safe to call again after a restart.
 * @param asker the person as they are now; null when they have no access any more.
 */
export async function deliverApproved(
  parts: AssistantParts,
  graph: SupervisorGraph,
  id: string,
  asker: Principal | null,
  signal: AbortSignal,
): Promise<Answer | null> {
  const { approvals, answers } = parts.state
  const found = await approvals.undelivered(id)
  if (!found) return null
  const { approval, surface } = found
  const { threadId, answerId, question, createdAt } = approval
  const head: AnswerHead = { id: answerId, threadId, question, createdAt }
  const made = await makeAnswer(parts, graph, approval, AuditSurface.parse(surface), head, asker, signal)
  // A server that closes stops the work; the next start goes on with it, unless the approval is used up.
  if (made && signal.aborted) return null
  // Another process runs it: its answer is the one that counts.
  if (made?.answer.error?.code === 'CONFLICT' && (await approvals.get(id, null)).state === 'used') return null
  if (made) await answers.save(made.answer, approval.asker.id, made.access)
  await approvals.delivered(id)
  return made?.answer ?? null
}

async function makeAnswer(
  parts: AssistantParts,
  graph: SupervisorGraph,
  approval: Approval,
  surface: AuditSurface,
  head: AnswerHead,
  asker: Principal | null,
  signal: AbortSignal,
): Promise<{ answer: Answer; access: string | null } | null> {
  const { id, threadId, decision, state } = approval
  if (asker === null) return { answer: refusedAnswer(head, NO_ACCESS), access: null }
  const access = await parts.sources.fingerprint(asker)
  if (state === 'used') return { answer: failedAnswer(head, CUT_SHORT), access }
  const pause = await pendingPause(graph, threadId)
  // The thread has gone on.
  if (!isApprovalPause(pause) || pause.id !== id) return null
  const approved = state === 'approved'
  const caller = {
    principal: asker,
    surface,
    question: head.question,
    answerId: head.id,
    ...(approved ? { approvalId: id } : {}),
  }
  const sources = await parts.sources.for(caller)
  const verdict: ApprovalDecision = {
    approved,
    by: decision?.by.name ?? '',
    comment: decision?.comment ?? null,
  }
  const asking = { principal: asker, surface, sources, access, signal, onEvent: () => {} }
  const answer = await runGraph(parts, graph, asking, new Command({ resume: verdict }), head)
  return { answer, access: await parts.sources.keptUnder(asker, access) }
}

const CUT_SHORT = {
  code: 'QUERY_CANCELLED' as const,
  message: 'The server stopped while the approved query ran. Ask the question again, and for approval again.',
}
const NO_ACCESS = 'You have no access to this data any more.'
