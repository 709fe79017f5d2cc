import type { PolicyDocument, Principal } from '../../contract/index.ts'
import { OWNER } from '../resolve-access.ts'
import { resolveBudget } from '../resolve-budget.ts'

/** What a person may use of models a day; what is absent is not limited. */
export interface DayFigures {
  readonly tokensPerDay?: number
  readonly usdPerDay?: number
  /** Ids of the rules the figures come from. */
  readonly rules: readonly string[]
}

const FIGURES = ['tokensPerDay', 'usdPerDay'] as const

/**
 * A day is one day, whichever source is asked: where sources differ in what they let the person use, the least of it holds.
 */
export function resolveDayBudget(policies: PolicyDocument | null, principal: Principal): DayFigures {
  const all = policies?.budgets ?? []
  const everyone = !principal.roles.includes(OWNER)
  // '' stands for a source that no rule names.
  const sources = new Set(['', ...all.map(({ source }) => (source === '*' ? '' : source.toLowerCase()))])
  const budgets = [...sources].map((source) =>
    resolveBudget(
      all.filter((rule) => rule.source === '*' || rule.source.toLowerCase() === source),
      principal.roles,
      everyone,
    ),
  )
  const figures: { -readonly [K in (typeof FIGURES)[number]]?: number } = {}
  const rules = new Set<string>()
  for (const figure of FIGURES) {
    const [least] = budgets
      .filter((budget) => budget[figure] !== undefined)
      .toSorted((a, b) => (a[figure] ?? 0) - (b[figure] ?? 0))
    if (least?.[figure] === undefined) continue
    figures[figure] = least[figure]
    for (const id of least.rulesOf?.[figure] ?? []) rules.add(id)
  }
  return { ...figures, rules: [...rules] }
}
