import { Mask, PolicyDocument } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import {
  attributesRead,
  budgetWords,
  filterWords,
  grantWords,
  maskWords,
  permissionWords,
  rulesOfRole,
  ruleWords,
} from './policy-words.ts'

const document = PolicyDocument.parse({
  version: 1,
  roles: [{ name: 'analyst' }, { name: 'lead' }],
  grants: [{ id: 'read', roles: ['*'], source: 'flights', tables: ['*'], except: ['tailnum'] }],
  rowFilters: [
    {
      id: 'own-airport',
      roles: ['analyst'],
      table: 'flights',
      filter: 'origin IN (:principal.airports)\n  AND carrier <> :principal.id',
    },
  ],
  masks: [
    { id: 'hide-tail', roles: ['*'], unless: ['lead'], table: 'planes', columns: ['tailnum'], mask: { kind: 'hash' } },
  ],
  budgets: [{ id: 'daily', roles: ['*'], scanRows: 100_000_000, querySeconds: 30, usdPerDay: 5, over: 'approve' }],
})

describe('policies in words', () => {
  it.each([
    [{ kind: 'null' }, 'left empty'],
    [{ kind: 'partial', keepLast: 4 }, 'hidden but for its last 4 characters'],
    [{ kind: 'partial', keepFirst: 1 }, 'hidden but for its first character'],
    [{ kind: 'partial', keepFirst: 2, keepLast: 2 }, 'hidden but for its first 2 and last 2 characters'],
    [{ kind: 'partial' }, 'hidden, all but its length'],
    [{ kind: 'bucket', size: 1000 }, 'rounded down to a multiple of 1,000'],
    [{ kind: 'bucket', unit: 'month' }, 'rounded down to the month'],
    [{ kind: 'constant', value: 'hidden' }, 'always “hidden”'],
  ])('says what a mask leaves: %o', (mask, words) => expect(maskWords(Mask.parse(mask))).toBe(words))

  it('says a condition with the attributes of who asks', () => {
    expect(filterWords('origin IN (:principal.airports)\n  AND carrier <> :principal.id')).toBe(
      'origin IN (their airports) AND carrier <> their id',
    )
    expect(attributesRead(document)).toEqual(['airports'])
  })

  it('says grants, budgets and permissions', () => {
    expect(document.grants.map(grantWords)).toEqual(['every table of flights, without tailnum'])
    expect(document.budgets.map(budgetWords)).toEqual([
      'a query may run 30 s and read 100 M rows; over that someone must approve it; language models may cost $5 a day',
    ])
    expect(permissionWords(['ask', 'audit.read'])).toBe('ask questions and read the audit log')
    expect(permissionWords([])).toBe('nothing on the page')
  })

  it('gathers the rules of a role, and leaves out those that spare it', () => {
    expect(rulesOfRole(document, 'analyst').masks.map((rule) => rule.id)).toEqual(['hide-tail'])
    expect(rulesOfRole(document, 'lead').masks).toEqual([])
    expect(rulesOfRole(document, 'lead').rowFilters).toEqual([])
    expect(rulesOfRole(document, 'lead').grants).toHaveLength(1)
  })

  it('finds a rule by its id', () => {
    expect(ruleWords(document, 'hide-tail')).toBe('tailnum of planes is replaced by a code, the same for equal values')
    expect(ruleWords(document, 'own-airport')).toContain('Only rows of flights where origin IN (their airports)')
    expect(ruleWords(document, 'daily')).toContain('Budget: a query may')
    expect(ruleWords(document, 'none')).toBeNull()
  })
})
