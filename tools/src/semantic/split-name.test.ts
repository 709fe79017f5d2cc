import { expect, it } from 'vitest'
import { splitName } from './split-name.ts'

it('reads the words of a name, however they are written', () => {
  for (const name of ['dateOfBirth', 'date_of_birth', 'Date-Of-Birth', '  date of.birth ']) {
    expect(splitName(name)).toBe('date of birth')
  }
  expect([splitName('HTTPServerID'), splitName('dep_delay%'), splitName('№ 7')]).toEqual([
    'http server id',
    'dep delay%',
    '7',
  ])
})

it('does not hold the process over a name of any length', () => {
  // Read anew from each letter, this takes more than ten minutes.
  expect(splitName('Z'.repeat(500_000))).toHaveLength(500_000)
})
