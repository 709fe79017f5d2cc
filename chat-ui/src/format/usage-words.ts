import type { UsageReport } from '@plumbline/tools/contract'
import { bigCount } from './big-count.ts'

const usd = (amount: number) => `$${amount.toFixed(2)}`

/**
 * What language models cost somebody today, against what they may: "Today: $0.12 of $5.00, 12,400 of 100,000 tokens". Empty where
 * nothing is limited and nothing was used.
 */
export function usageWords({ today, held, limits }: UsageReport): string {
  const tokens = today.inputTokens + today.outputTokens + held.tokens
  const money = today.usd + held.usd
  const parts = [
    ...(limits.usdPerDay !== null ? [`${usd(money)} of ${usd(limits.usdPerDay)}`] : money >= 0.005 ? [usd(money)] : []),
    ...(limits.tokensPerDay !== null
      ? [`${bigCount(tokens)} of ${bigCount(limits.tokensPerDay)} tokens`]
      : tokens > 0
        ? [`${bigCount(tokens)} tokens`]
        : []),
  ]
  return parts.length === 0 ? '' : `Today: ${parts.join(', ')}`
}
