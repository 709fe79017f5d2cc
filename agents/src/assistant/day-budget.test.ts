import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Budget } from '../models/index.ts'
import { type OpenPlace, PLACES } from '../state/testing/places.ts'
import { dayBudget } from './day-budget.ts'

const NO_USAGE = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }
const WIDE = { maxTokens: 1e9, maxUsd: 1e9 }

describe('the budget of a day', () => {
  let place: OpenPlace
  beforeAll(async () => {
    place = await PLACES.embedded()
  })
  afterAll(() => place?.remove())

  it('is not passed by 20 questions that ask a model at the same time [budget.daily]', async () => {
    const limits = { tokensPerDay: 10_000, usdPerDay: null, rules: ['analysts-models'] }
    const day = dayBudget(place.state.usage, 'ana', limits)
    const questions = Array.from({ length: 20 }, async () => {
      const share = await new Budget(WIDE, day).reserve({ tokens: 1200, usd: 0 })
      await share.settle({ ...NO_USAGE, inputTokens: 900, outputTokens: 200, cacheReadTokens: 100 }, 0.01)
    })
    const ended = await Promise.allSettled(questions)
    const today = await place.state.usage.today('ana')
    expect(today.inputTokens + today.outputTokens).toBeLessThanOrEqual(10_000)
    expect(today.inputTokens + today.outputTokens).toBe(1200 * ended.filter((one) => one.status === 'fulfilled').length)
    expect(today.held).toEqual({ tokens: 0, usd: 0 })
    expect(ended.filter((one) => one.status === 'rejected').length).toBeGreaterThan(0)
  })

  it('says what is used, by which rule, when it starts anew and what still works [budget.daily]', async () => {
    const limits = { tokensPerDay: 1000, usdPerDay: null, rules: ['interns'] }
    const clock = () => new Date('2026-03-01T19:00:00Z')
    const day = dayBudget(place.state.usage, 'cy', limits, clock)
    const share = await day.reserve({ tokens: 1000, usd: 0 })
    await share.settle({ ...NO_USAGE, inputTokens: 950 }, 0)
    await share.settle({ ...NO_USAGE, inputTokens: 950 }, 0)
    const refusal = day.reserve({ tokens: 400, usd: 0 })
    await expect(refusal).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      message:
        'You have used 950 tokens of your 1,000 tokens for models today (rule interns); this step may take up to 400 tokens. It starts anew at 00:00 UTC, in 5 hours. Questions that need no model still work.',
      data: { figure: 'tokensPerDay', value: 950, limit: 1000, resetsAt: '2026-03-02T00:00:00.000Z' },
    })
  })

  it('counts money where money is limited, and what is used where nothing is', async () => {
    const paid = dayBudget(place.state.usage, 'dee', { tokensPerDay: null, usdPerDay: 0.5, rules: ['pocket'] })
    await (await paid.reserve({ tokens: 10, usd: 0.5 })).settle(NO_USAGE, 0.45)
    await expect(paid.reserve({ tokens: 10, usd: 0.1 })).rejects.toThrow('$0.45 of your $0.50')
    const free = dayBudget(place.state.usage, 'dee', { tokensPerDay: null, usdPerDay: null, rules: [] })
    await (await free.reserve({ tokens: 1e9, usd: 100 })).settle({ ...NO_USAGE, outputTokens: 5 }, 1)
    expect(await place.state.usage.today('dee')).toMatchObject({ outputTokens: 5, usd: 1.45 })
  })
})
