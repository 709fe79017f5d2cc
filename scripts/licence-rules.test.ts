import { describe, expect, it } from 'vitest'
import { licenceProblem, registryProblem } from './licence-rules.ts'

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND ISC', true],
    ['GPL-3.0-only', false],
    ['SEE LICENSE IN LICENSE.md', false],
    [undefined, false],
  ])('%s may ship: %s', (licence, may) => {
    expect(licenceProblem('x', licence) === null).toBe(may)
  })

  it('finds a private mirror in the lock file', () => {
    expect(registryProblem('x', 'https://registry.npmjs.org/x/-/x-1.0.0.tgz')).toBeNull()
    expect(registryProblem('x', undefined)).toBeNull()
    expect(registryProblem('x', 'https://mirror.internal/x.tgz')).toContain('x is locked')
  })
})
