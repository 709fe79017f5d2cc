import { describe, expect, it } from 'vitest'
import type { FailureCounts } from '../supervisor/thread-state.ts'
import { chargeFailure } from './failure-budget.ts'

const none: FailureCounts = { invalid: 0, slow: 0, vendor: 0 }
const fail = (code: string, times: number) => {
  let last = { counts: none, spent: false }
  for (let i = 0; i < times; i++) last = chargeFailure(last.counts, { sql: '', code, message: '' })
  return last
}

describe('failure budgets [answer.budgets]', () => {
  it.each([
    ['QUERY_TIMEOUT', 2, 'slow'],
    ['SOURCE_UNAVAILABLE', 3, 'vendor'],
    ['MODEL_OVERLOADED', 3, 'vendor'],
    ['COLUMN_UNKNOWN', 6, 'invalid'],
  ] as const)('%s may happen fewer than %d times', (code, limit, kind) => {
    expect(fail(code, limit - 1)).toMatchObject({ spent: false })
    expect(fail(code, limit)).toMatchObject({ spent: true, counts: { ...none, [kind]: limit } })
  })
})
