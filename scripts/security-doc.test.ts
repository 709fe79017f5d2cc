import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

const VERDICTS = ['holds', 'partly', 'gap', 'n.a.'] as const
type Verdict = (typeof VERDICTS)[number]

/** How many points of levels 1 and 2 each section of ASVS 5.0.0 has; those of level 3 stand between them and after. */
const ASVS: Readonly<Record<string, readonly number[]>> = {
  '1': [2, 9, 11, 3, 2],
  '2': [3, 3, 4, 2],
  '3': [0, 2, 4, 6, 5, 0, 2],
  '4': [3, 1, 2, 4],
  '5': [1, 3, 2, 3],
  '6': [3, 12, 4, 4, 5, 3, 0, 4],
  '7': [3, 4, 2, 5, 2, 2],
  '8': [2, 3, 1, 1],
  '9': [3, 4],
  '10': [2, 2, 4, 11, 5, 2, 3],
  '11': [2, 3, 3, 4, 1, 1],
  '12': [3, 2, 4],
  '13': [1, 5, 2, 5],
  '14': [2, 4, 3],
  '15': [3, 3, 7],
  '16': [1, 5, 4, 3, 3],
}

interface Line {
  readonly chapter: string
  readonly id: string
  readonly point: string
  readonly verdict: string
  readonly shownBy: string
}

/** The lines of the tables of a list, each with the heading it stands under. */
function linesOf(path: string): Line[] {
  let chapter = ''
  return read(path)
    .split('\n')
    .flatMap((text) => {
      chapter = /^## (.*)$/.exec(text)?.[1] ?? chapter
      const cells = text.split('|').map((cell) => cell.trim())
      const [, id = '', point = '', verdict = '', shownBy = ''] = cells
      return /^(\d+\.\d+\.\d+|[A-Z]{2}-\d+)$/.test(id) ? [{ chapter, id, point, verdict, shownBy }] : []
    })
}

const asvs = linesOf('docs/security/asvs.md')
const mcp = linesOf('docs/security/mcp.md')
const all = [...asvs, ...mcp]

describe('the security review', () => {
  it('has a line for each point of levels 1 and 2, and for none twice', () => {
    const expected = Object.entries(ASVS).flatMap(([chapter, sections]) =>
      sections.flatMap((count, section) => (count === 0 ? [] : [`${chapter}.${section + 1}: ${count}`])),
    )
    const counted = new Map<string, number>()
    for (const { id } of asvs) {
      const section = id.split('.').slice(0, 2).join('.')
      counted.set(section, (counted.get(section) ?? 0) + 1)
    }
    expect([...counted].map(([section, count]) => `${section}: ${count}`)).toEqual(expected)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(asvs).toHaveLength(247)
    expect(mcp.length).toBeGreaterThan(40)
  })

  it('has a verdict on each, and shows what it says', () => {
    for (const { id, point, verdict, shownBy } of all) {
      expect([id, VERDICTS]).toEqual([id, expect.arrayContaining([verdict])])
      expect([id, point]).not.toEqual([id, ''])
      expect([id, shownBy]).not.toEqual([id, ''])
      if (verdict === 'holds') expect([id, shownBy]).toEqual([id, expect.stringMatching(/`[\w./-]+\.\w+`/)])
    }
  })

  it('names only files that are there, and tests that are in them', () => {
    const cited = all.flatMap(({ id, shownBy }) =>
      [...shownBy.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.\w+)`(?: “([^”]+)”)?/g)].map(([, path = '', test]) => ({
        id,
        path,
        test,
      })),
    )
    expect(cited.filter(({ test }) => test !== undefined).length).toBeGreaterThan(100)
    expect(cited.filter(({ path }) => !existsSync(`${root}${path}`))).toEqual([])
    expect(cited.filter(({ path, test }) => test !== undefined && !read(path).includes(test))).toEqual([])
  })

  it('counts what it says', () => {
    const chapters = [...new Set(all.map(({ chapter }) => chapter))]
    const rows = chapters.map((chapter) => {
      const of = (verdict: Verdict) => all.filter((line) => line.chapter === chapter && line.verdict === verdict).length
      return `| ${chapter} | ${VERDICTS.map(of).join(' | ')} |`
    })
    const summary = read('docs/security.md')
    for (const row of rows) expect(summary).toContain(row)
    const total = VERDICTS.map((verdict) => all.filter((line) => line.verdict === verdict).length)
    expect(summary).toContain(`| **All** | ${total.join(' | ')} |`)
  })

  it('leaves no point that is open out of the list of what is open', () => {
    const open = /## What is open([\s\S]*?)\n## /.exec(read('docs/security.md'))?.[1] ?? ''
    const missing = all
      .filter(({ verdict }) => verdict === 'partly' || verdict === 'gap')
      .filter(({ id }) => !new RegExp(`(?<![\\d.])${RegExp.escape(id)}(?![\\d.]*\\d)`).test(open))
    expect(missing.map(({ id }) => id)).toEqual([])
  })

  it('is all of docs/security', () => {
    expect(readdirSync(`${root}docs/security`).sort()).toEqual(['asvs.md', 'inventory.md', 'mcp.md'])
  })
})
