import type { PolicyDocument, Principal } from '@plumbline/tools/contract'
import { resolveDayBudget } from '@plumbline/tools/governance'
import type { DayRules } from '../state/index.ts'

/** What a person may use of models a day. */
export function dayLimitsOf(policies: PolicyDocument | null, principal: Principal): DayRules {
  const { tokensPerDay, usdPerDay, rules } = resolveDayBudget(policies, principal)
  return { tokensPerDay: tokensPerDay ?? null, usdPerDay: usdPerDay ?? null, rules }
}
