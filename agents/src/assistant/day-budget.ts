import { AppError } from '@plumbline/tools/errors'
import type { DayBudget, ModelUsage, Need } from '../models/index.ts'
import type { DayRules, DayUse, UsageStore } from '../state/index.ts'

/** Longer than any model call: its share is given back when the process has died, not while it works. */
const RESERVATION_MS = 30 * 60_000

/**
 * What a person may use of models today, over all their questions and all processes on this state.
 * @param clock the time of day, for the message that says when the day ends.
 */
export function dayBudget(
  usage: UsageStore,
  principalId: string,
  limits: DayRules,
  clock = () => new Date(),
): DayBudget {
  const isLimited = limits.tokensPerDay !== null || limits.usdPerDay !== null
  return {
    async reserve(need) {
      if (!isLimited) return { settle: async (used, usd) => unlessDown(usage.charge(principalId, spentOf(used, usd))) }
      const whole = { tokens: Math.ceil(need.tokens), usd: need.usd }
      const held = await usage.reserve(principalId, whole, limits, RESERVATION_MS)
      if (!held.ok) throw dayIsSpent(held.use, need, limits, clock())
      let open = true
      return {
        async settle(used, usd) {
          if (!open) return
          open = false
          await unlessDown(usage.settle({ ...held, principalId }, spentOf(used, usd)))
        },
      }
    },
  }
}

/** The answer is there and paid for: a state that can not be reached must not take it away. What is held stays held till it expires. */
const unlessDown = (written: Promise<void>) => written.catch(() => {})

const spentOf = (used: ModelUsage, usd: number) => ({
  inputTokens: used.inputTokens + used.cacheReadTokens + used.cacheWriteTokens,
  outputTokens: used.outputTokens,
  usd,
})

/** Midnight UTC after `at`. */
export const endOfDay = (at: Date) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1))

function dayIsSpent(use: DayUse, need: Need, limits: DayRules, now: Date): AppError {
  const used = use.inputTokens + use.outputTokens
  const overTokens = limits.tokensPerDay !== null && used + use.held.tokens + need.tokens > limits.tokensPerDay
  const figure = overTokens ? 'tokensPerDay' : 'usdPerDay'
  const limit = (overTokens ? limits.tokensPerDay : limits.usdPerDay) ?? 0
  const value = overTokens ? used : use.usd
  const held = overTokens ? use.held.tokens : use.held.usd
  const say = overTokens ? (n: number) => `${Math.round(n).toLocaleString('en-US')} tokens` : dollars
  const rule = limits.rules.join(', ')
  const resetsAt = endOfDay(now)
  const minutes = Math.ceil((resetsAt.getTime() - now.getTime()) / 60_000)
  const wait = minutes >= 120 ? `${Math.round(minutes / 60)} hours` : `${minutes} minutes`
  const running = held > 0 ? ` and questions that run now hold ${say(held)}` : ''
  return new AppError(
    'BUDGET_EXCEEDED',
    `You have used ${say(value)} of your ${say(limit)} for models today${running} (${rule === '' ? 'your budget' : `rule ${rule}`}); this step may take up to ${say(overTokens ? need.tokens : need.usd)}. It starts anew at 00:00 UTC, in ${wait}. Questions that need no model still work.`,
    {
      data: {
        figure,
        value,
        held,
        needed: overTokens ? need.tokens : need.usd,
        limit,
        rule,
        approvable: false,
        resetsAt: resetsAt.toISOString(),
      },
    },
  )
}

const dollars = (value: number) => `$${value.toFixed(value < 0.1 ? 4 : 2)}`
