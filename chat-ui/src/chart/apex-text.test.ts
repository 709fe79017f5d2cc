import fc from 'fast-check'
import { expect, it } from 'vitest'
import { apexText } from './apex-text.ts'

it('leaves nothing that could open a tag, and the rest as it was [safety.escape]', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(apexText(text)).not.toMatch(/[<>]/)
      expect(apexText(text)).toHaveLength(text.length)
    }),
  )
  expect(apexText('O’Hare "ORD" (late > 15 min)')).toBe('O’Hare "ORD" (late › 15 min)')
  expect(apexText('AT&T')).toBe('AT&T')
})
