import { describe, expect, it } from 'vitest'
import { parsePolicies } from '../parse-policies.ts'
import { resolveDayBudget } from './resolve-day-budget.ts'

const policies = parsePolicies(`
version: 1
roles: [{ name: analyst }, { name: intern }, { name: lead }]
budgets:
  - { id: everyone, roles: ['*'], tokensPerDay: 1000, usdPerDay: 1 }
  - { id: analysts, roles: [analyst], tokensPerDay: 5000 }
  - { id: leads, roles: [lead], tokensPerDay: 9000, scanRows: 5 }
  - { id: on-the-lake, roles: [intern], source: lake, tokensPerDay: 300 }
`)
const of = (roles: string[]) => resolveDayBudget(policies, { id: 'x', name: 'X', roles, attributes: {} })

describe('what a person may use of models a day', () => {
  it('is the widest of their roles, figure by figure, with the rules it comes from [budget.daily]', () => {
    expect(of([])).toEqual({ tokensPerDay: 1000, usdPerDay: 1, rules: ['everyone'] })
    expect(of(['analyst'])).toEqual({ tokensPerDay: 5000, usdPerDay: 1, rules: ['analysts', 'everyone'] })
    expect(of(['analyst', 'lead'])).toMatchObject({ tokensPerDay: 9000, rules: ['leads', 'everyone'] })
  })

  it('is the least where sources differ, because a day is one day', () => {
    expect(of(['intern'])).toMatchObject({ tokensPerDay: 300, rules: ['on-the-lake', 'everyone'] })
  })

  it('is not limited for the owner, unless a rule names the role, and without a document', () => {
    expect(of(['owner'])).toEqual({ rules: [] })
    expect(resolveDayBudget(null, { id: 'x', name: 'X', roles: ['analyst'], attributes: {} })).toEqual({ rules: [] })
  })
})
