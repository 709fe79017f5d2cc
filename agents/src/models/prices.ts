import { readFileSync } from 'node:fs'
import { AppError } from '@plumbline/tools/errors'
import { z } from 'zod'
import type { Usage } from './port.ts'

const dollars = z.number().min(0)
const Rates = z.object({
  input: dollars,
  output: dollars,
  cacheRead: dollars.optional(),
  cacheWrite: dollars.optional(),
})

/** USD per million tokens. `above`: the rates of a request whose prompt, cached tokens included, is longer. */
export const Price = Rates.extend({ above: Rates.extend({ promptTokens: z.number().int().positive() }).optional() })
export type Price = z.infer<typeof Price>

export type PriceTable = Readonly<Record<string, Price>>

const PriceFile = z.object({ date: z.string(), source: z.string(), models: z.record(z.string(), Price) })

/** The prices that ship with the product, dated in `prices.json`. */
export const shippedPrices: PriceTable = PriceFile.parse(
  JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')),
).models

/** Reads prices that a person wrote as JSON: `{"openai:my-model": {"input": 1, "output": 2}}`. */
export function parsePrices(text: string): PriceTable {
  try {
    return z.record(z.string(), Price).parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError(
      'CONFIG_INVALID',
      'PLUMBLINE_MODEL_PRICES is not valid: it expects JSON such as {"openai:my-model": {"input": 1, "output": 2}}, in USD per million tokens.',
      { cause },
    )
  }
}

/** The price of a model; a dated snapshot (`…-20251101`, `…-2026-04-23`) costs what its alias costs. */
export function findPrice(table: PriceTable, id: string): Price | undefined {
  for (const name of [id, id.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '')]) {
    if (Object.hasOwn(table, name)) return table[name]
  }
  return undefined
}

/** USD for one request. A cache rate that is not listed is the input rate. */
export function costOf(price: Price | undefined, usage: Usage): number {
  if (!price) return 0
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  const rates = price.above && prompt > price.above.promptTokens ? price.above : price
  return (
    (usage.inputTokens * rates.input +
      usage.outputTokens * rates.output +
      usage.cacheReadTokens * (rates.cacheRead ?? rates.input) +
      usage.cacheWriteTokens * (rates.cacheWrite ?? rates.input)) /
    1_000_000
  )
}
