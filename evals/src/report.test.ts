import { describe, expect, it } from 'vitest'
import { makeReport, quantile } from './report.ts'
import type { CaseResult } from './run-case.ts'

const result = (rest: Partial<CaseResult>): CaseResult => ({
  id: 'a',
  question: 'q',
  tags: [],
  expect: 'answered',
  status: 'answered',
  right: true,
  clarified: false,
  ms: 10,
  text: '',
  sql: null,
  goldSql: null,
  rows: [],
  goldRows: [],
  confidence: null,
  tokens: 0,
  costUsd: 0,
  threadId: 't',
  ...rest,
})
const head = { suite: 's', model: 'none', commit: 'c', date: 'd', machine: 'm' }

describe('makeReport', () => {
  it('counts an unanswered question against accuracy, not against precision', () => {
    const report = makeReport(head, [
      result({}),
      result({ status: 'refused', right: false }),
      result({ right: false }),
      result({ expect: 'refused', status: 'refused' }),
    ])
    expect(report).toMatchObject({ accuracy: 0.3333, precision: 0.5, coverage: 0.6667, refused_right: 1, correct: 2 })
  })

  it('keeps an error of the harness apart from a wrong answer', () => {
    const report = makeReport(head, [result({}), result({ id: 'b', status: 'harness-error', right: null })])
    expect(report).toMatchObject({ accuracy: 1, harness_errors: 1, total: 2, misses: [] })
  })

  it('takes quantiles by nearest rank', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2)
    expect(quantile([5], 0.95)).toBe(5)
    expect(quantile([], 0.95)).toBe(0)
  })
})
