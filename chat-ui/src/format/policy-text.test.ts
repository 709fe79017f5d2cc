import { expect, it } from 'vitest'
import { policyText } from './policy-text.ts'

it.each([
  ['Some rows of flights are hidden (own-airport)', 'Some rows of flights are hidden', 'own-airport'],
  [
    'planes.tailnum is shown as a hash (hide (part) of it) (hide-tail)',
    'planes.tailnum is shown as a hash (hide (part) of it)',
    'hide-tail',
  ],
  ['own-airport', 'own-airport', ''],
])('takes the id of a rule from %j', (policy, words, id) => expect(policyText(policy)).toEqual({ words, id }))
