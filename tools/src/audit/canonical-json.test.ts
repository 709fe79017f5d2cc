import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

describe('canonical JSON', () => {
  it('writes the samples of RFC 8785', () => {
    // Section 3.2.2 and 3.2.3.
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    const sorted = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    expect(Object.values(JSON.parse(canonicalJson(sorted)) as object).sort()).toEqual(Object.values(sorted).sort())
    expect([...canonicalJson(sorted).matchAll(/"((?:[^"\\]|\\.)*)":/g)].map(([, key]) => key)).toEqual([
      '\\r',
      '1',
      '\u0080',
      'ö',
      '€',
      '\ud83d\ude00',
      '\ufb33',
    ])
    expect(canonicalJson(-0)).toBe('0')
  })

  it('does not depend on the order of the fields, and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        const reversed = JSON.parse(text, (_, field) =>
          field && typeof field === 'object' && !Array.isArray(field)
            ? Object.fromEntries(Object.entries(field).reverse())
            : field,
        )
        expect(canonicalJson(reversed)).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('refuses what JSON can not hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, '\ud800', { '\udc00': 1 }]) {
      expect(() => canonicalJson(value)).toThrow(TypeError)
    }
  })
})
