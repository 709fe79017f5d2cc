import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { returnPath } from './return-path.ts'

const ORIGIN = 'https://data.example'

describe('the way back after a sign-in', () => {
  it('is a path of the page', () => {
    for (const path of ['/', '/threads/1', '/threads/1?x=1&y=%2F#z', '/keys', '/apis', '/~ana']) {
      expect(returnPath(path)).toBe(path)
    }
    expect([returnPath(undefined), returnPath('')]).toEqual(['/', '/'])
  })

  it('never leaves the site, whatever is asked [identity.oidc]', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '//',
      '..',
      '.',
      '@',
      ':',
      'evil.example',
      'https:',
      'javascript:',
      '%2f',
      '%5c',
      '\t',
      '\n',
      '?',
      '#',
      '&',
      'a',
      '%00',
      'api',
      'é',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
          fc.webUrl(),
          fc.string(),
        ),
        (text) => {
          let path: string
          try {
            path = returnPath(text)
          } catch (error) {
            expect(error).toMatchObject({ code: 'INPUT_INVALID' })
            return
          }
          expect(path.startsWith('/')).toBe(true)
          const target = new URL(path, ORIGIN)
          expect(target.origin).toBe(ORIGIN)
          expect(target.pathname).not.toMatch(/^\/(api|mcp|\.well-known)(\/|$)/i)
          // A header takes it as it is.
          expect(path).toMatch(/^[\x21-\x7e]+$/)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
