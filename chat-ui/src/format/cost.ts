import type { Receipt, ReceiptStep } from '@plumbline/tools/contract'

const usd = (amount: number) =>
  amount === 0 ? '$0' : amount < 0.0001 ? 'less than $0.0001' : `$${amount.toFixed(amount < 0.01 ? 4 : 2)}`
const count = (tokens: number) => `${tokens.toLocaleString('en-US')} ${tokens === 1 ? 'token' : 'tokens'}`

/** What an answer cost, in words. */
export function costText({ usd: amount, inputTokens, outputTokens }: Receipt['cost']): string {
  if (inputTokens + outputTokens === 0 && amount === 0) return 'No model was used: free'
  return `${usd(amount)} · ${count(inputTokens)} read, ${count(outputTokens)} written`
}

/** What one step cost; empty for a step that used no model. */
export function stepCostText({ costUsd = 0, inputTokens = 0, outputTokens = 0 }: ReceiptStep): string {
  return inputTokens + outputTokens === 0 ? '' : `${count(inputTokens + outputTokens)} · ${usd(costUsd)}`
}
