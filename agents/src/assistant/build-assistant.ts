import { randomUUID } from 'node:crypto'
import { type BaseCheckpointSaver, Command } from '@langchain/langgraph'
import type { Answer, AskRequest, Catalog, Clarification, Principal } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { Logger, Telemetry } from '@plumbline/tools/telemetry'
import type { BudgetLimits, ChatModel } from '../models/index.ts'
import type { SourceKnowledge } from '../sources/source-knowledge.ts'
import type { SourceShelf } from '../sources/source-shelf.ts'
import type { State } from '../state/index.ts'
import { isApprovalPause } from '../supervisor/approval-pause.ts'
import { type SupervisorGraph, supervisorGraph } from '../supervisor/graph.ts'
import { freshQuestion } from '../supervisor/thread-state.ts'
import type { AskContext, Assistant } from './assistant.ts'
import { deliverApproved } from './deliver-approved.ts'
import { type AnswerHead, failedAnswer, refusedAnswer } from './make-answer.ts'
import { presentAnswer } from './present-answer.ts'
import { readQuestion } from './question-limits.ts'
import { type Asking, pendingPause, runGraph } from './run-graph.ts'
import { ThreadQueue } from './thread-queue.ts'
import { threadTitle } from './thread-title.ts'
import { verifiedLineage } from './verified-lineage.ts'

export interface AssistantParts {
  readonly state: Pick<State, 'threads' | 'answers' | 'approvals' | 'usage'>
  readonly checkpointer: BaseCheckpointSaver
  readonly sources: SourceShelf
  readonly dryRun: Assistant['dryRun']
  readonly model: ChatModel | null
  readonly limits: { readonly maxRows: number; readonly timeoutMs: number; readonly budget: BudgetLimits }
  readonly telemetry: Telemetry
  readonly logger: Logger
  readonly onClose: () => Promise<void>
}

/** The assistant over given parts; `createAssistant` makes the parts from the configuration. */
export function buildAssistant(parts: AssistantParts): Assistant {
  const graph = supervisorGraph(parts.checkpointer)
  const queue = new ThreadQueue()
  return {
    model: parts.model?.id ?? 'none',
    ask: (request, context) => ask(parts, graph, queue, request, context),
    catalog: async (principal: Principal): Promise<Catalog> => {
      const sources = await parts.sources.for({ principal, surface: 'system' })
      return { sources: [...sources.values()].map((knowledge) => knowledge.source) }
    },
    deliver: async (approvalId, asker, signal) => {
      const waiting = await parts.state.approvals.undelivered(approvalId)
      if (!waiting) return null
      const work = () => deliverApproved(parts, graph, approvalId, asker, signal)
      return queue.run(waiting.approval.threadId, work)
    },
    dayLimits: (principal) => parts.sources.dayLimits(principal),
    verifiedLineage: async (principal) => {
      const sources = await parts.sources.for({ principal, surface: 'system' })
      return [...sources.values()].flatMap(verifiedLineage)
    },
    dryRun: parts.dryRun,
    present: (kept, viewer) => presentAnswer(parts.sources, kept, viewer),
    close: parts.onClose,
  }
}

async function ask(
  parts: AssistantParts,
  graph: SupervisorGraph,
  queue: ThreadQueue,
  request: AskRequest,
  context: AskContext,
): Promise<Answer> {
  const { principal, onEvent = () => {} } = context
  const createdAt = new Date().toISOString()
  const threadId = request.threadId ?? randomUUID()
  const answerId = randomUUID()
  // Shown and stored; an over-long question is kept by its beginning only.
  const shown = request.question.slice(0, 300)
  onEvent({ type: 'ask-start', threadId, answerId })
  const answer = await queue.run(threadId, async () => {
    const head: AnswerHead = { id: answerId, threadId, question: shown, createdAt }
    try {
      const question = request.choice === undefined ? readQuestion(request.question) : request.question.trim()
      await openThread(parts, request, threadId, question, principal)
      const [sources, access] = await Promise.all([
        parts.sources.for({ principal, surface: context.surface, question: shown, answerId }),
        parts.sources.fingerprint(principal),
      ])
      if (sources.size === 0) throw new AppError('FORBIDDEN', NOTHING_TO_SEE)
      const signal = context.signal ?? new AbortController().signal
      const asking = { principal, surface: context.surface, sources, access, signal, onEvent }
      const work = () => answerInThread(parts, graph, request, asking, { ...head, question })
      const input = parts.telemetry.enabled ? await withoutPrivateValues(question, sources) : question
      const saved = await parts.telemetry.trace(
        { name: 'ask', id: answerId, input, userId: principal.id, sessionId: threadId },
        work,
      )
      await parts.state.answers.save(saved, principal.id, await parts.sources.keptUnder(principal, access))
      return saved
    } catch (error) {
      const known = toAppError(error)
      if (known.code === 'INTERNAL') parts.logger.error({ err: error, answerId }, 'question failed')
      const inputIsBad = known.info.blame === 'user' && known.code !== 'QUERY_CANCELLED'
      return inputIsBad
        ? refusedAnswer(head, known.message, await suggestionsFor(parts, principal), known.toJSON())
        : failedAnswer(head, known.toJSON())
    }
  })
  onEvent({ type: 'answer-end', answer })
  return answer
}

/** Traces are kept elsewhere: what is private in a question does not go there, as it does not go to a model. */
async function withoutPrivateValues(question: string, sources: ReadonlyMap<string, SourceKnowledge>): Promise<string> {
  let text = question
  for (const { privates } of sources.values()) text = (await privates.session(question))?.hide(text) ?? text
  return text
}

const NOTHING_TO_SEE = 'You may not see any data yet. Ask the person who runs this installation for a role that may.'

async function suggestionsFor(parts: AssistantParts, principal: Principal): Promise<string[]> {
  // They only help; why the question was refused must be said even when the sources can not be read.
  const sources = await parts.sources
    .for({ principal, surface: 'system' })
    .catch(() => new Map<string, SourceKnowledge>())
  return [...sources.values()].flatMap((s) => s.source.suggestions).slice(0, 3)
}

/** A new thread is made for the first question; a named one must be the principal's own. */
async function openThread(
  parts: AssistantParts,
  request: AskRequest,
  threadId: string,
  question: string,
  who: Principal,
) {
  if (request.threadId === undefined) {
    await parts.state.threads.create({ id: threadId, title: threadTitle(question), principalId: who.id })
    return
  }
  if (!(await parts.state.threads.exists(threadId, who.id))) {
    throw new AppError('NOT_FOUND', 'That thread is gone or is not yours. Start a new question.')
  }
}

async function answerInThread(
  parts: AssistantParts,
  graph: SupervisorGraph,
  request: AskRequest,
  asking: Asking,
  head: AnswerHead,
): Promise<Answer> {
  const pause = request.threadId === undefined ? null : await pendingPause(graph, head.threadId)
  const choice = chosen(request, head.question, isApprovalPause(pause) ? null : pause)
  if (choice) {
    return runGraph(parts, graph, asking, new Command({ resume: choice.id }), { ...head, question: choice.label })
  }
  // Whoever goes on does not want what the thread waits for.
  if (isApprovalPause(pause)) await parts.state.approvals.withdraw(head.threadId)
  return runGraph(parts, graph, asking, freshQuestion(head.question, request.source ?? null), head)
}

/** The choice that a request makes: by id, or by words that are a choice's label. Null: it is a new question. */
function chosen(request: AskRequest, question: string, pending: Clarification | null) {
  if (request.choice !== undefined) {
    if (!pending) throw new AppError('INPUT_INVALID', 'This thread waits for no choice: ask a question.')
    const choice = pending.choices.find(({ id }) => id === request.choice)
    if (choice) return choice
    const known = pending.choices.map(({ id }) => `\`${id}\``).join(', ')
    throw new AppError('INPUT_INVALID', `That is not one of the choices. Choose ${known}.`)
  }
  const words = question.toLowerCase()
  return pending?.choices.find(({ id, label }) => words === label.toLowerCase() || words === id.toLowerCase()) ?? null
}
