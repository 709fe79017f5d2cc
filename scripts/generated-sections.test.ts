import { describe, expect, it } from 'vitest'
import { capabilityTable, replaceSection } from './generated-sections.ts'

describe('generated sections of the README', () => {
  it('replaces what stands between the marks and nothing else', () => {
    expect(replaceSection('a <!-- x -->old<!-- /x --> b', 'x', 'new')).toBe('a <!-- x -->\nnew\n<!-- /x --> b')
    expect(() => replaceSection('no marks', 'x', 'new')).toThrow('lacks the marks')
  })

  it('links each promise to a test that cites it', () => {
    const table = capabilityTable(
      [
        { id: 'a.one', area: 'A', sentence: 'Does one.' },
        { id: 'a.two', area: 'A', sentence: 'Does two.' },
      ],
      new Map([['x.test.ts', "it('works [a.one]')"]]),
    )
    expect(table).toContain('| **A** | Does one. | [test](x.test.ts) |')
    expect(table).toContain('|  | Does two. |  |')
  })
})
