import { describe, expect, it } from 'vitest'
import { costText, stepCostText } from './cost.ts'

describe('the cost of an answer [answer.receipt]', () => {
  it('says that it was free when no model was used', () => {
    expect(costText({ usd: 0, inputTokens: 0, outputTokens: 0 })).toBe('No model was used: free')
    expect(stepCostText({ name: 'run', title: 'Ran it', ms: 1, outcome: 'done' })).toBe('')
  })

  it('says money and tokens, small sums not as zero', () => {
    expect(costText({ usd: 0.0123, inputTokens: 4210, outputTokens: 1 })).toBe(
      '$0.01 · 4,210 tokens read, 1 token written',
    )
    expect(costText({ usd: 0.0042, inputTokens: 10, outputTokens: 10 })).toContain('$0.0042')
    expect(costText({ usd: 0.00001, inputTokens: 10, outputTokens: 10 })).toContain('less than $0.0001')
  })
})
