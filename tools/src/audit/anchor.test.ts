import { describe, expect, it } from 'vitest'
import { isGenuine, makeAnchor, readAnchors } from './anchor.ts'

const head = { seq: 7, hash: 'ab'.repeat(32) }
const at = new Date('2026-11-24T09:00:00Z')

describe('an anchor', () => {
  it('can be made only by who has the key [audit.chain]', () => {
    const anchor = makeAnchor(head, at, 'the key of the auditors')
    expect(isGenuine(anchor, 'the key of the auditors')).toBe(true)
    expect(isGenuine(anchor, 'another')).toBe(false)
    for (const forged of [
      { ...anchor, seq: 6 },
      { ...anchor, hash: 'cd'.repeat(32) },
      { ...anchor, mac: null },
      { ...anchor, mac: '' },
    ]) {
      expect(isGenuine(forged, 'the key of the auditors')).toBe(false)
    }
  })

  it('is read from a list, and a line that is none is named', () => {
    const lines = [makeAnchor(head, at, 'key'), makeAnchor({ ...head, seq: 9 }, at, 'key')].map((anchor) =>
      JSON.stringify(anchor),
    )
    expect(readAnchors(`${lines.join('\n')}\n\n`, 'key').map(({ seq }) => seq)).toEqual([7, 9])
    expect(readAnchors(lines.join('\n'), null)).toHaveLength(2)
    expect(() => readAnchors(`${lines[0]}\nnonsense`, null)).toThrow('Line 2')
    expect(() => readAnchors(lines.join('\n'), 'another')).toThrow('Line 1 of the anchors was not made with this key.')
  })
})
