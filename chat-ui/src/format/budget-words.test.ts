import { expect, it } from 'vitest'
import { budgetSentence } from './budget-words.ts'

it.each([
  [{ figure: 'scanRows', value: 3.2e9, limit: 1e8 }, 'This would read about 3.2 bn rows; your budget is 100 M.'],
  [{ figure: 'scanBytes', value: 1.4e12, limit: 1e11 }, 'This would read about 1.4 TB; your budget is 100 GB.'],
  [{ figure: 'scanRows', value: 5, limit: 1, estimate: { exact: true } }, 'This would read 5 rows; your budget is 1.'],
  [
    { figure: 'scanRows', value: null, limit: 1e8 },
    'How much this reads can not be said beforehand; your budget is 100 M rows.',
  ],
] as const)('says what is over a budget: %o', (over, text) => expect(budgetSentence(over, 'your')).toBe(text))
