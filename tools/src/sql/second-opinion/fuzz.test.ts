import { analyzeSql, type SqlDialect } from '@plumbline/native'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CORPUS, DIALECTS } from '../corpus/index.ts'
import { disagreement } from './agree.ts'
import { secondOpinion } from './second-opinion.ts'

const TEXTS = Object.values(CORPUS)
  .flatMap(({ legitimate, hostile }) => [...legitimate, ...hostile.map(([sql]) => sql)])
  .filter((sql) => sql.length < 1_000)
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\s+|[\s\S]/g
const WORDS = [...new Set(TEXTS.flatMap((sql) => sql.match(TOKEN) ?? []))]
/** What makes a table stand where a parser may not look for one. */
const SECRETS = [
  ' secret ',
  ' FROM secret ',
  '(SELECT a FROM secret)',
  ' IN secret ',
  ' TABLE secret ',
  ' ONLY secret ',
  ', ',
]

/** The same statements in every run: what a search with others finds becomes a statement of the corpora. */
const SEED = 20_261_124

/** A statement of the corpora with up to three of its words removed, replaced or joined by others. */
const mutant = fc
  .tuple(
    fc.constantFrom(...TEXTS),
    fc.array(fc.tuple(fc.nat(), fc.nat(1), fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(...SECRETS))), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([sql, edits]) => {
    const tokens: string[] = sql.match(TOKEN) ?? []
    for (const [at, removed, word] of edits) tokens.splice(at % (tokens.length + 1), removed, word)
    return tokens.join('')
  })

describe('mutated statements', () => {
  it('that the guard lets through are queries of the same tables to the other parser, or unreadable [guard.second-parser]', async () => {
    const read = new Map<SqlDialect, number>()
    await fc.assert(
      fc.asyncProperty(mutant, async (sql) => {
        for (const dialect of DIALECTS) {
          const verdict = analyzeSql(sql, dialect, 100)
          if (!verdict.allowed) continue
          const opinion = await secondOpinion(verdict.sql, dialect)
          if (opinion.kind === 'unreadable') continue
          expect(disagreement(verdict.tables, opinion, dialect), `${dialect}: ${verdict.sql}`).toBeNull()
          read.set(dialect, (read.get(dialect) ?? 0) + 1)
        }
      }),
      { numRuns: 1_000, seed: SEED },
    )
    // Else the property would hold of nothing.
    for (const dialect of DIALECTS) expect(read.get(dialect), dialect).toBeGreaterThan(10)
  })

  it('never stop the second parser [guard.second-parser]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(mutant, fc.string({ unit: 'binary', maxLength: 200 })),
        fc.constantFrom(...DIALECTS),
        async (sql, dialect) => {
          const opinion = await secondOpinion(sql, dialect)
          expect(['query', 'other', 'unreadable']).toContain(opinion.kind)
          expect(await secondOpinion('SELECT a FROM t', dialect)).toMatchObject({ tables: [{ name: 't' }] })
        },
      ),
      { numRuns: 1_000, seed: SEED },
    )
  })
})
