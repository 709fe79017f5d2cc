import type { BudgetRule } from '../contract/policy.ts'
import type { Budget } from './source-access.ts'

const FIGURES = [
  'querySeconds',
  'resultRows',
  'resultBytes',
  'scanRows',
  'scanBytes',
  'tokensPerDay',
  'usdPerDay',
] as const

/**
 * The budget of someone with these roles. Of several rules the widest figure holds; a rule that says nothing of a figure does
 * not lift it. @param everyone whether rules for `*` count: for the owner only rules that name the role do.
 */
export function resolveBudget(rules: readonly BudgetRule[], roles: readonly string[], everyone: boolean): Budget {
  const mine = rules.filter((rule) => rule.roles.some((role) => (role === '*' ? everyone : roles.includes(role))))
  // A rule that names a role of theirs is meant for them; the one for everyone is what holds otherwise.
  const named = mine.filter((rule) => rule.roles.some((role) => role !== '*' && roles.includes(role)))
  const figures: Partial<Record<(typeof FIGURES)[number], number>> = {}
  const rulesOf: Partial<Record<(typeof FIGURES)[number], string[]>> = {}
  for (const figure of FIGURES) {
    const from = named.some((rule) => rule[figure] !== undefined) ? named : mine
    const values = from.flatMap((rule) => rule[figure] ?? [])
    if (values.length === 0) continue
    const widest = Math.max(...values)
    figures[figure] = widest
    rulesOf[figure] = from.filter((rule) => rule[figure] === widest).map((rule) => rule.id)
  }
  const over = mine.some((rule) => rule.over === 'approve') ? 'approve' : 'refuse'
  return { ...figures, over, rules: mine.map((rule) => rule.id), rulesOf }
}
