import type { SqlDialect } from '@plumbline/native'
import fc from 'fast-check'
import { CORPUS, DIALECTS } from './index.ts'

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\s+|[\s\S]/g
const tokens = (sql: string): string[] => sql.match(TOKEN) ?? []
const short = (sql: string) => sql.length < 1_000

const texts = (dialect: SqlDialect) => [
  ...CORPUS[dialect].legitimate,
  ...CORPUS[dialect].hostile.map(([sql]) => sql).filter(short),
]

/** What ends a statement, a text or a name somewhere. */
const BREAKS = [
  ';',
  '; DELETE FROM flights; ',
  '`',
  '--',
  '/*',
  '*/',
  '\\',
  "'",
  '"',
  '$$',
  '(',
  ')',
  ' INTO x ',
  ' FOR UPDATE ',
]

/**
 * A statement of a dialect's corpus with some of its words removed, doubled, or replaced by words of all corpora.
 * Most come from the legitimate part: they are near to what is allowed.
 */
export function mutantOf(dialect: SqlDialect, maxEdits = 4): fc.Arbitrary<string> {
  const own = texts(dialect)
  const words = [...new Set([...own, ...DIALECTS.flatMap(texts)].flatMap(tokens))]
  const ownWords = [...new Set(own.flatMap(tokens))]
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ownWords) },
    { weight: 2, arbitrary: fc.constantFrom(...words) },
    fc.constantFrom(...BREAKS),
  )
  const start = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...CORPUS[dialect].legitimate) },
    fc.constantFrom(...own),
  )
  const edit = fc.tuple(fc.nat(), fc.constantFrom('drop', 'insert', 'replace'), word)
  return fc.tuple(start, fc.array(edit, { minLength: 1, maxLength: maxEdits })).map(([sql, edits]) => {
    const parts = tokens(sql)
    for (const [at, kind, by] of edits)
      parts.splice(at % (parts.length + 1), kind === 'insert' ? 0 : 1, ...(kind === 'drop' ? [] : [by]))
    return parts.join('')
  })
}

/** A mutant of any dialect, with the dialect that it is to be read in: mostly its own. */
export const mutant: fc.Arbitrary<readonly [SqlDialect, string]> = fc
  .tuple(
    fc.oneof(...DIALECTS.map((dialect) => fc.tuple(fc.constant(dialect), mutantOf(dialect)))),
    fc.option(fc.constantFrom(...DIALECTS), { freq: 4 }),
  )
  .map(([[dialect, sql], other]) => [other ?? dialect, sql])
