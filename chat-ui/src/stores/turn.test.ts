import type { Answer, AskEvent } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import { afterError, afterEvent, mergeTurns, newTurn, storedTurn } from './turn.ts'

const answer: Answer = {
  id: 'a1',
  threadId: 't1',
  question: 'How many flights?',
  status: 'answered',
  text: '336,776',
  sql: 'SELECT 1',
  columns: [],
  rows: [],
  chart: null,
  receipt: null,
  clarification: null,
  approval: null,
  suggestions: [],
  createdAt: '2013-07-01T00:00:00Z',
}
const after = (...events: AskEvent[]) => events.reduce(afterEvent, newTurn('k', 'How many flights?'))
const start = (name: string): AskEvent => ({ type: 'step-start', name, title: `The step ${name}` })
const end = (name: string, outcome: 'done' | 'failed' = 'done'): AskEvent => ({
  type: 'step-end',
  name,
  title: `Did ${name}`,
  ms: 12,
  outcome,
})

describe('a turn', () => {
  it('shows a step while it runs and how it ended', () => {
    expect(after(start('plan')).steps).toEqual([{ name: 'plan', title: 'The step plan', outcome: 'running' }])
    expect(after(start('plan'), end('plan')).steps).toEqual([
      { name: 'plan', title: 'Did plan', outcome: 'done', ms: 12 },
    ])
  })

  it('lists a step again when it runs again after a repair', () => {
    const { steps } = after(start('run'), end('run', 'failed'), start('repair'), end('repair'), start('run'))
    expect(steps.map((step) => [step.name, step.outcome])).toEqual([
      ['run', 'failed'],
      ['repair', 'done'],
      ['run', 'running'],
    ])
  })

  it('takes the end of a step whose start it never saw', () => {
    expect(after(end('plan')).steps).toHaveLength(1)
  })

  it('gathers the words and the SQL as they come, and ends with the answer', () => {
    const turn = after(
      { type: 'ask-start', threadId: 't1', answerId: 'a1' },
      { type: 'sql-proposed', sql: 'SELECT 1' },
      { type: 'text-delta', delta: '336,' },
      { type: 'text-delta', delta: '776' },
    )
    expect([turn.sql, turn.text, turn.answer]).toEqual(['SELECT 1', '336,776', null])
    expect(afterEvent(turn, { type: 'answer-end', answer }).answer).toBe(answer)
  })

  it('becomes a failed answer when the connection goes away, its question kept', () => {
    const turn = afterError(
      after({ type: 'ask-start', threadId: 't1', answerId: 'a1' }, start('run')),
      'CONNECTION_LOST',
      'The connection was lost.',
    )
    expect(turn.answer).toMatchObject({
      id: '',
      threadId: 't1',
      question: 'How many flights?',
      status: 'failed',
      text: 'The connection was lost.',
      error: { code: 'CONNECTION_LOST' },
    })
  })

  it('leaves no step running once it has ended', () => {
    const lost = afterError(
      after({ type: 'ask-start', threadId: 't1', answerId: 'a1' }, start('run')),
      'CONNECTION_LOST',
      'The connection was lost.',
    )
    const ended = afterEvent(after(start('run')), { type: 'answer-end', answer })
    for (const turn of [lost, ended]) expect(turn.steps.map((step) => step.outcome)).not.toContain('running')
  })

  it('comes back from a stored answer with its vote', () => {
    expect(storedTurn({ ...answer, vote: 'up' })).toMatchObject({
      key: 'a1',
      question: answer.question,
      answer,
      vote: 'up',
    })
  })
})

describe('the turns of a thread that is read again [page.threads]', () => {
  const stored = storedTurn({ ...answer, vote: 'up' })
  const asked = { type: 'ask-start', threadId: 't1', answerId: 'a1' } as const

  it('keep what the page knows of them, and take the stored vote', () => {
    const onPage = after(asked, start('run'), { type: 'answer-end', answer })
    expect(mergeTurns([stored], [onPage])).toEqual([{ ...onPage, vote: 'up' }])
  })

  it('find the answer whose end was lost with the connection', () => {
    const lost = afterError(after(asked), 'CONNECTION_LOST', 'The connection was lost.')
    expect(mergeTurns([stored], [lost])).toEqual([{ ...lost, answer, vote: 'up' }])
  })

  it('keep a question that still runs, and one that was never stored, at the end', () => {
    const running = newTurn('new-1', 'and for Delta?')
    const failed = afterError(newTurn('new-2', 'x'), 'RATE_LIMITED', 'Too much at once.')
    expect(mergeTurns([stored], [running, failed]).map((turn) => turn.key)).toEqual(['a1', 'new-1', 'new-2'])
  })
})
