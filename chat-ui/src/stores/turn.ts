import type { Answer, AskEvent, Vote } from '@plumbline/tools/contract'

export interface TurnStep {
  readonly name: string
  readonly title: string
  readonly outcome: 'running' | 'done' | 'failed' | 'skipped'
  readonly ms?: number
  readonly detail?: string
}

/** One question and what has come back so far. `answer` is there when it has ended. */
export interface Turn {
  readonly key: string
  /** Where the answer will be stored, once the gateway has said so. */
  readonly asked: { readonly threadId: string; readonly answerId: string } | null
  readonly question: string
  readonly steps: readonly TurnStep[]
  readonly sql: string | null
  readonly text: string
  readonly answer: Answer | null
  readonly vote: Vote | null
}

export function newTurn(key: string, question: string): Turn {
  return { key, asked: null, question, steps: [], sql: null, text: '', answer: null, vote: null }
}

export function storedTurn(answer: Answer & { vote: Vote | null }): Turn {
  const { vote, ...rest } = answer
  return { ...newTurn(answer.id, answer.question), answer: rest, vote }
}

/** The turn after an event. A step that runs again (after a repair) starts anew at the end. */
export function afterEvent(turn: Turn, event: AskEvent): Turn {
  switch (event.type) {
    case 'ask-start':
      return { ...turn, asked: { threadId: event.threadId, answerId: event.answerId } }
    case 'step-start':
      return { ...turn, steps: [...turn.steps, { name: event.name, title: event.title, outcome: 'running' }] }
    case 'step-end': {
      const { name, title, ms, outcome, detail } = event
      const at = turn.steps.findLastIndex((step) => step.name === name)
      const ended: TurnStep = { name, title, ms, outcome, ...(detail === undefined ? {} : { detail }) }
      return { ...turn, steps: at < 0 ? [...turn.steps, ended] : turn.steps.with(at, ended) }
    }
    case 'sql-proposed':
      return { ...turn, sql: event.sql }
    case 'text-delta':
      return { ...turn, text: turn.text + event.delta }
    case 'answer-end':
      return withAnswer({ ...turn, question: turn.question || event.answer.question }, event.answer)
  }
}

/** The turn when the connection or the gateway ended it without an answer. */
export function afterError(turn: Turn, code: string, message: string): Turn {
  const answer: Answer = {
    id: '',
    threadId: turn.asked?.threadId ?? '',
    question: turn.question,
    status: 'failed',
    text: message,
    sql: turn.sql,
    columns: [],
    rows: [],
    chart: null,
    receipt: null,
    clarification: null,
    approval: null,
    suggestions: [],
    error: { code, message },
    createdAt: new Date().toISOString(),
  }
  return withAnswer(turn, answer)
}

/** Nothing runs after the answer: a step whose end never came stopped where the answer did. */
function withAnswer(turn: Turn, answer: Answer): Turn {
  const outcome = answer.status === 'failed' ? 'failed' : 'done'
  return {
    ...turn,
    answer,
    steps: turn.steps.map((step) => (step.outcome === 'running' ? { ...step, outcome } : step)),
  }
}

/**
 * The turns of a thread as stored, each as the page has it where it does: that one knows its steps. Turns that are not
 * stored (one that runs, one whose connection was lost) stand at the end.
 */
export function mergeTurns(stored: readonly Turn[], onPage: readonly Turn[]): Turn[] {
  const idOf = (turn: Turn) => turn.answer?.id || turn.asked?.answerId
  const known = new Map(onPage.map((turn) => [idOf(turn), turn]))
  const ids = new Set(stored.map(idOf))
  const merged = stored.map((turn) => {
    const own = known.get(idOf(turn))
    return own ? { ...own, answer: turn.answer, vote: turn.vote } : turn
  })
  return [...merged, ...onPage.filter((turn) => !ids.has(idOf(turn)))]
}
