import type { UsageReport } from '@plumbline/tools/contract'
import type { DayLimits, UsageStore } from '../state/index.ts'
import { endOfDay } from './day-budget.ts'

/** What a person has used over the last `days` days, and what is left of today. */
export async function usageReport(
  usage: UsageStore,
  principalId: string,
  { tokensPerDay, usdPerDay }: DayLimits,
  days: number,
): Promise<UsageReport> {
  const { held, ...today } = await usage.today(principalId)
  return {
    days: await usage.days(principalId, days),
    today,
    held,
    limits: { tokensPerDay, usdPerDay },
    resetsAt: endOfDay(new Date()).toISOString(),
  }
}
