import type { UsageReport } from '@plumbline/tools/contract'
import { expect, it } from 'vitest'
import { usageWords } from './usage-words.ts'

const report = (usd: number, tokens: number, limits: UsageReport['limits']): UsageReport => ({
  days: [],
  today: { day: '2026-11-02', inputTokens: tokens, outputTokens: 0, usd, questions: 1, queries: 1, rowsScanned: 0 },
  held: { tokens: 10, usd: 0.1 },
  limits,
  resetsAt: '2026-11-03T00:00:00Z',
})

it.each([
  [report(0.02, 12_390, { usdPerDay: 5, tokensPerDay: 2_000_000 }), 'Today: $0.12 of $5.00, 12,400 of 2 M tokens'],
  [report(0.02, 0, { usdPerDay: null, tokensPerDay: null }), 'Today: $0.12, 10 tokens'],
  [{ ...report(0, 0, { usdPerDay: null, tokensPerDay: null }), held: { tokens: 0, usd: 0 } }, ''],
])('says what was used today: %#', (given, words) => expect(usageWords(given)).toBe(words))
