import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import type { Answer, AskRequest, Catalog, DryRun } from '@plumbline/tools/contract'
import { lineageOf } from '@plumbline/tools/sql'
import type { AskContext, Assistant, PresentedAnswer } from '../../assistant/assistant.ts'
import type { VerifiedLineage } from '../../assistant/verified-lineage.ts'
import type { DayRules, KeptAnswer, State } from '../../state/index.ts'
import { anAnswer } from '../../state/testing/an-answer.ts'

export const CATALOG: Catalog = {
  sources: [
    {
      name: 'flights',
      title: 'Flights of 2013',
      dialect: 'duckdb',
      zone: 'UTC',
      tables: [{ name: 'flights', title: 'Flights', columns: [{ name: 'origin', type: 'string' }] }],
      measures: [{ name: 'flight_count', label: 'Number of flights' }],
      suggestions: ['How many flights left JFK in July 2013?'],
    },
  ],
}

const VERIFIED = { question: 'Flights by origin?', sql: 'SELECT origin, count(*) AS n FROM flights GROUP BY 1' }

/**
 * An assistant with a script in place of a mind: `slow…` waits until it is stopped, `break` throws, everything else is
 * answered after one step. It saves into the real state, as the real one does.
 */
export class ScriptedAssistant implements Assistant {
  readonly model = 'none'
  readonly #state: State
  readonly #happened = new EventEmitter()
  /** Questions that were stopped, in order. */
  readonly stopped: string[] = []

  constructor(state: State) {
    this.#state = state
  }

  /** Resolves when a question starts or stops. */
  async next(what: 'started' | 'stopped'): Promise<string> {
    const [question] = await once(this.#happened, what)
    return question as string
  }

  async ask(request: AskRequest, { principal, signal, onEvent = () => {} }: AskContext): Promise<Answer> {
    const { question } = request
    const [answerId, threadId] = [randomUUID(), request.threadId ?? randomUUID()]
    onEvent({ type: 'ask-start', threadId, answerId })
    onEvent({ type: 'step-start', name: 'run', title: 'Run the query' })
    this.#happened.emit('started', question)
    if (question === 'break') throw new Error('secret of the inside')
    const head = { id: answerId, threadId, question }
    let answer = anAnswer({ ...head, createdAt: new Date().toISOString() })
    if (question.startsWith('slow')) {
      await stopOf(signal)
      this.stopped.push(question)
      this.#happened.emit('stopped', question)
      answer = anAnswer({
        ...head,
        status: 'failed',
        error: { code: 'QUERY_CANCELLED', message: 'Stopped.' },
        receipt: null,
      })
    }
    onEvent({ type: 'step-end', name: 'run', title: 'Run the query', ms: 1, outcome: 'done' })
    if (!(await this.#state.threads.exists(threadId, principal.id))) {
      await this.#state.threads.create({
        id: threadId,
        title: question.slice(0, 50) || 'Choice',
        principalId: principal.id,
      })
    }
    await this.#state.answers.save(answer, principal.id, null)
    onEvent({ type: 'answer-end', answer })
    return answer
  }

  async catalog(): Promise<Catalog> {
    return CATALOG
  }

  async verifiedLineage(): Promise<VerifiedLineage[]> {
    const lineage = lineageOf(
      VERIFIED.sql,
      'duckdb',
      CATALOG.sources.flatMap((source) => source.tables),
    )
    return [{ source: 'flights', question: VERIFIED.question, lineage }]
  }

  async deliver(): Promise<null> {
    return null
  }

  async dayLimits(): Promise<DayRules> {
    return { tokensPerDay: 1000, usdPerDay: null, rules: ['models'] }
  }

  async present({ access: _, ...answer }: KeptAnswer): Promise<PresentedAnswer> {
    return { answer, recomputed: false }
  }

  async dryRun({ sql }: { sql: string }): Promise<DryRun> {
    return { asked: sql, governed: sql, refusal: null, tables: [], applied: [] }
  }

  async close(): Promise<void> {}
}

async function stopOf(signal: AbortSignal | undefined): Promise<void> {
  if (!signal) throw new Error('a slow question needs a signal')
  if (!signal.aborted) await once(signal, 'abort')
}
