import { describe, expect, it } from 'vitest'
import { missingOptional } from './lock-gaps.mjs'

describe('missingOptional', () => {
  it('finds what npm ci would refuse the lock file for', () => {
    const packages = {
      'node_modules/tool': { optionalDependencies: { 'tool-linux': '1.0.0', 'tool-darwin': '1.0.0' } },
      'node_modules/tool-linux': {},
      'node_modules/a/node_modules/tool': { optionalDependencies: { 'tool-win32': '2.0.0' } },
      'node_modules/a/node_modules/tool-win32': {},
    }
    expect(missingOptional(packages).map(({ name }) => name)).toEqual(['tool-darwin'])
  })
})
