import { AppError } from '@plumbline/tools/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget } from './budget.ts'
import { NO_USAGE } from './usage.ts'

describe('a budget', () => {
  it('counts what calls that run at the same time may still use [model.budget]', () => {
    const budget = new Budget({ maxTokens: 1000, maxUsd: 1 })
    const first = budget.reserve({ tokens: 600, usd: 0.1 })
    expect(() => budget.reserve({ tokens: 600, usd: 0.1 })).toThrow(/only 400 of the 1,000/)
    first.settle({ ...NO_USAGE, inputTokens: 50 }, 0.01)
    budget.reserve({ tokens: 600, usd: 0.1 })
    expect(budget.spent).toEqual({ tokens: 50, usd: 0.01 })
  })

  it('gives a held share back once only', () => {
    const budget = new Budget({ maxTokens: 1000, maxUsd: 1 })
    const share = budget.reserve({ tokens: 1000, usd: 0 })
    share.settle({ ...NO_USAGE, outputTokens: 400 }, 0)
    share.settle({ ...NO_USAGE, outputTokens: 400 }, 0)
    expect(budget.spent.tokens).toBe(400)
    expect(() => budget.reserve({ tokens: 601, usd: 0 })).toThrow(AppError)
  })

  it('is never exceeded by calls that use at most what they reserved', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(500), fc.nat(500), fc.boolean())), (calls) => {
        const budget = new Budget({ maxTokens: 1000, maxUsd: 1 })
        const open: (() => void)[] = []
        for (const [a, b, late] of calls) {
          const [used, need] = a < b ? [a, b] : [b, a]
          try {
            const share = budget.reserve({ tokens: need, usd: need / 1000 })
            const settle = () => share.settle({ ...NO_USAGE, inputTokens: used }, used / 1000)
            if (late) open.push(settle)
            else settle()
          } catch (error) {
            expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED' })
          }
        }
        for (const settle of open) settle()
        expect(budget.spent.tokens).toBeLessThanOrEqual(1000)
        expect(budget.spent.usd).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })
})
