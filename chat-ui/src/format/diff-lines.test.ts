import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines, foldDiff } from './diff-lines.ts'

const short = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`)

describe('the difference of two texts', () => {
  it('keeps what is the same and shows what came and went', () => {
    expect(short('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c'])
    expect(short('a', 'a')).toEqual([' a'])
    expect(short('', 'a')).toEqual(['-', '+a'])
    expect(short('a\nb', 'b')).toEqual(['-a', ' b'])
  })

  it('numbers the lines of both texts', () => {
    expect(diffLines('a\nb', 'b\nc')).toEqual([
      { kind: 'removed', text: 'a', before: 1, after: null },
      { kind: 'same', text: 'b', before: 2, after: 1 },
      { kind: 'added', text: 'c', before: null, after: 2 },
    ])
  })

  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 25 }).map((lines) => lines.join('\n'))
  it('holds both texts whole, in order, and is the shortest', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after)
        const side = (other: 'added' | 'removed') =>
          lines
            .filter((line) => line.kind !== other)
            .map((line) => line.text)
            .join('\n')
        expect([side('added'), side('removed')]).toEqual([before, after])
        expect(lines.filter((line) => line.kind === 'same').length).toBe(
          longestCommon(before.split('\n'), after.split('\n')),
        )
      }),
    )
  })

  it('folds what did not change, and says how much', () => {
    const many = Array.from({ length: 20 }, (_, i) => `line ${i}`)
    const folded = foldDiff(diffLines(many.join('\n'), many.with(10, 'new').join('\n')), 1)
    expect(folded.map((line) => (line.kind === 'gap' ? line.count : line.text))).toEqual([
      9,
      'line 9',
      'line 10',
      'new',
      'line 11',
      8,
    ])
  })
})

/** By the table of all prefixes: slow, and plainly right. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const [row, above] = [table[i] as number[], table[i - 1] as number[]]
      row[j] = a[i - 1] === b[j - 1] ? (above[j - 1] as number) + 1 : Math.max(above[j] as number, row[j - 1] as number)
    }
  return table[a.length]?.[b.length] ?? 0
}
