import { AppError } from '@plumbline/tools/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget, type DayBudget } from './budget.ts'
import { NO_USAGE } from './usage.ts'

describe('a budget', () => {
  it('counts what calls that run at the same time may still use [model.budget]', async () => {
    const budget = new Budget({ maxTokens: 1000, maxUsd: 1 })
    const first = await budget.reserve({ tokens: 600, usd: 0.1 })
    await expect(budget.reserve({ tokens: 600, usd: 0.1 })).rejects.toThrow(/only 400 of the 1,000/)
    await first.settle({ ...NO_USAGE, inputTokens: 50 }, 0.01)
    await budget.reserve({ tokens: 600, usd: 0.1 })
    expect(budget.spent).toEqual({ tokens: 50, usd: 0.01 })
  })

  it('gives a held share back once only', async () => {
    const budget = new Budget({ maxTokens: 1000, maxUsd: 1 })
    const share = await budget.reserve({ tokens: 1000, usd: 0 })
    await share.settle({ ...NO_USAGE, outputTokens: 400 }, 0)
    await share.settle({ ...NO_USAGE, outputTokens: 400 }, 0)
    expect(budget.spent.tokens).toBe(400)
    await expect(budget.reserve({ tokens: 601, usd: 0 })).rejects.toThrow(AppError)
  })

  it('is never exceeded by calls that use at most what they reserved', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(500), fc.nat(500), fc.boolean())), async (calls) => {
        const budget = new Budget({ maxTokens: 1000, maxUsd: 1 })
        const open: (() => Promise<void>)[] = []
        for (const [a, b, late] of calls) {
          const [used, need] = a < b ? [a, b] : [b, a]
          try {
            const share = await budget.reserve({ tokens: need, usd: need / 1000 })
            const settle = () => share.settle({ ...NO_USAGE, inputTokens: used }, used / 1000)
            if (late) open.push(settle)
            else await settle()
          } catch (error) {
            expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED' })
          }
        }
        for (const settle of open) await settle()
        expect(budget.spent.tokens).toBeLessThanOrEqual(1000)
        expect(budget.spent.usd).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('holds a share of the day too, and of neither when one of them has not enough [budget.daily]', async () => {
    const held: number[] = []
    const day: DayBudget = {
      async reserve({ tokens }) {
        if (tokens > 500) throw new AppError('BUDGET_EXCEEDED', 'nothing left today')
        held.push(tokens)
        return { settle: async (usage) => void held.push(-usage.inputTokens) }
      },
    }
    const budget = new Budget({ maxTokens: 1000, maxUsd: 1 }, day)
    await expect(budget.reserve({ tokens: 501, usd: 0 })).rejects.toThrow('nothing left today')
    await expect(budget.reserve({ tokens: 1001, usd: 0 })).rejects.toThrow(/for one question/)
    const share = await budget.reserve({ tokens: 500, usd: 0 })
    await budget.reserve({ tokens: 500, usd: 0 })
    await share.settle({ ...NO_USAGE, inputTokens: 7 }, 0)
    expect(held).toEqual([500, 500, -7])
    expect(budget.spent.tokens).toBe(7)
  })
})
