import { describe, expect, it } from 'vitest'
import { costOf, findPrice, parsePrices, shippedPrices } from './prices.ts'
import { NO_USAGE } from './usage.ts'

describe('prices', () => {
  it('gives a dated snapshot the price of its alias', () => {
    expect(findPrice(shippedPrices, 'anthropic:claude-haiku-4-5-20251001')).toBe(
      shippedPrices['anthropic:claude-haiku-4-5'],
    )
    expect(findPrice(shippedPrices, 'openai:gpt-5.4-mini-2026-03-17')).toBe(shippedPrices['openai:gpt-5.4-mini'])
  })

  it('knows no price for a model that is not listed, or for a name of JavaScript', () => {
    expect(findPrice(shippedPrices, 'openai:llama3')).toBeUndefined()
    expect(findPrice(shippedPrices, 'constructor')).toBeUndefined()
    expect(costOf(undefined, { ...NO_USAGE, inputTokens: 1e9 })).toBe(0)
  })

  it('takes the rates for long prompts, cached tokens counted', () => {
    const price = findPrice(shippedPrices, 'anthropic:claude-haiku-5-5')
    expect(costOf(price, { ...NO_USAGE, cacheReadTokens: 100_000 })).toBeCloseTo(0.001, 12)
    expect(costOf(price, { ...NO_USAGE, cacheReadTokens: 100_000, inputTokens: 1 })).toBeCloseTo(0.0050005, 12)
  })

  it('bills cached tokens at the input rate when no cache rate is known', () => {
    expect(costOf({ input: 2, output: 1 }, { ...NO_USAGE, cacheReadTokens: 1e6, cacheWriteTokens: 1e6 })).toBe(4)
  })

  it('reads prices of a person and says what is wrong with them', () => {
    expect(parsePrices('{"openai:mine": {"input": 1, "output": 2}}')).toEqual({
      'openai:mine': { input: 1, output: 2 },
    })
    expect(() => parsePrices('{"openai:mine": {"input": -1}}')).toThrow(/PLUMBLINE_MODEL_PRICES/)
    expect(() => parsePrices('{')).toThrow(/PLUMBLINE_MODEL_PRICES/)
  })
})
