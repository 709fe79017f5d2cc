import { describe, expect, it } from 'vitest'
import { licenceProblem, packageProblems, registryProblem } from './licence-rules.ts'

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

  it('makes an exception for one licence of a package, not for the package', () => {
    expect(licenceProblem('lightningcss-linux-x64-gnu', 'MPL-2.0')).toBeNull()
    expect(licenceProblem('lightningcss', 'BUSL-1.1')).toContain('BUSL-1.1')
    expect(licenceProblem('lightning', 'MPL-2.0')).toContain('lightning has the licence MPL-2.0')
  })

  it('looks at packages wherever they are installed, and not at what does not ship', () => {
    const packages = {
      '': { license: 'GPL-3.0' },
      agents: { license: 'GPL-3.0' },
      'node_modules/@plumbline/agents': { link: true },
      'node_modules/a': { license: 'GPL-3.0', dev: true },
      'agents/node_modules/@b/c': { license: 'GPL-3.0' },
      'node_modules/d/node_modules/e': { license: 'MIT', resolved: 'https://mirror.internal/e.tgz' },
    }
    expect(packageProblems(packages, () => undefined)).toEqual([
      '@b/c has the licence GPL-3.0, which is not on the list of scripts/licence-rules.ts.',
      'e is locked to a host other than the public registry.',
    ])
  })

  it('finds a private mirror in the lock file', () => {
    expect(registryProblem('x', 'https://registry.npmjs.org/x/-/x-1.0.0.tgz')).toBeNull()
    expect(registryProblem('x', undefined)).toBeNull()
    expect(registryProblem('x', 'https://mirror.internal/x.tgz')).toContain('x is locked')
  })
})
