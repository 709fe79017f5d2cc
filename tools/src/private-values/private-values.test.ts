import { analyzeSql, type SqlDialect } from '@plumbline/native'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldText } from './fold-text.ts'
import { PatternMatcher } from './pattern-matcher.ts'
import { PrivateIndex } from './private-index.ts'
import { PrivateSession } from './private-session.ts'

const DIALECTS: readonly SqlDialect[] = ['duckdb', 'postgresql', 'snowflake', 'databricks', 'mysql', 'sqlite']
const NAMES = [
  'Anna Müller',
  "Sinéad O'Connor",
  'Łukasz Żółć',
  'Jean-Luc Picard',
  'José \\ Núñez',
  'Bob',
  'anna.mueller@example.com',
  '+49 170 1234567',
  'Иван Петров',
  '王小明',
]

function open(names: readonly string[] = NAMES): PrivateSession {
  const index = new PrivateIndex()
  for (const name of names) index.add('customers.name', name)
  return new PrivateSession(index)
}

/** Ways in which somebody writes a value. */
const written = (name: string) =>
  fc
    .tuple(
      fc.constantFrom(
        (text: string) => text,
        (text: string) => text.toUpperCase(),
        (text: string) => text.toLowerCase(),
        (text: string) => text.normalize('NFD'),
        (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
        (text: string) => text.replace(/ü/g, 'ue'),
        (text: string) => text.replace(/[-'.]/g, ' '),
      ),
      fc.constantFrom(' ', '  ', '\n', '\t ', '\u00a0', ' \u200b'),
    )
    .map(([change, space]) => change(name).replaceAll(' ', space))

const folded = (text: string) => foldText(text).text
/** The words around must not hold a name themselves. */
const around = fc.constantFrom('', 'what did ', 'orders of ', '(', '"', 'x = ', '—', 'the customer, ', '\n\n', ': ')

describe('private values', () => {
  it('leave no trace in a text, however they are written in it [private.tokens]', () => {
    const session = open()
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            around,
            fc.constantFrom(...NAMES).chain((name) => written(name).map((text) => ({ name, text }))),
          ),
          { minLength: 1, maxLength: 5 },
        ),
        around,
        (parts, end) => {
          const text = parts.map(([before, { text }]) => `${before}${text} `).join('') + end
          const hidden = session.hide(text)
          for (const [, { name, text: one }] of parts) {
            expect(folded(hidden), hidden).not.toContain(folded(one))
            expect(hidden).not.toContain(name)
          }
          // Hidden again it stays as it is, and given back it names who was meant.
          expect(session.hide(hidden)).toBe(hidden)
          for (const [, { name }] of parts) expect(session.restore(hidden)).toContain(name)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('are found inside longer words, and not in letters that happen to be theirs [private.tokens]', () => {
    const session = open(['Ann', 'Miller'])
    expect(session.hide('the Millers, JMiller99')).not.toMatch(/miller/i)
    expect(session.hide('annual plan, Hannah')).toBe('annual plan, Hannah')
    expect(session.hide('Ann?')).not.toContain('Ann')
    // Not a name either: its letters stand in two words.
    expect(open(['Diane']).hide('radi an error')).toBe('radi an error')
  })

  it('have the same token each time, and each its own [private.tokens]', () => {
    const session = open()
    const [first, second, again] = ['Anna Müller', 'Bob', 'anna  muller'].map((text) => session.hide(text))
    expect(first).toMatch(/^⟦name_1_[a-z0-9]{6}⟧$/)
    expect(second).not.toBe(first)
    expect(again).toBe(first)
    expect(session.legend()).toEqual([`${first}: a value of customers.name`, `${second}: a value of customers.name`])
    expect(open().hide('Anna Müller')).not.toBe(first)
  })

  it('can not be called by who guesses a token [private.tokens]', () => {
    const session = open()
    session.hide('Anna Müller')
    for (const forged of ['⟦name_1⟧', '⟦name_1_aaaaaa⟧', '⟦⟦name_1_aaaaaa⟧⟧']) {
      expect(session.restore(session.hide(forged))).not.toContain('Anna')
      expect(session.hide(forged)).not.toContain('⟦')
    }
  })

  it('that overlap leave nothing of either [private.tokens]', () => {
    const session = open(['Anna Maria', 'Maria Berg', 'Anna'])
    expect(session.hide('Anna Maria Berg')).toMatch(/^⟦name_1_\w{6}⟧$/)
  })

  it('of a result are hidden however short they are [private.tokens]', () => {
    const session = open([])
    session.learn('staff.age', [7, 42, null])
    session.learn('staff.grade', ['A'])
    expect(session.hide('age | grade\n42 | A\n7 | A\n427 | AB')).toMatch(
      /^age \| grade\n⟦age_1_\w+⟧ \| ⟦grade_1_\w+⟧\n⟦age_2_\w+⟧ \| ⟦grade_1_\w+⟧\n427 \| AB$/,
    )
  })

  it('come back in SQL as values, whatever they hold [private.tokens]', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DIALECTS),
        fc.oneof(
          fc.constantFrom(...NAMES, "x'; DROP TABLE t; --", "\\' OR 1 = 1 --", "''", '%_', '⟦name_1_aaaaaa⟧'),
          fc.string({ unit: 'grapheme-ascii', minLength: 2, maxLength: 20 }),
        ),
        (dialect, value) => {
          const session = open([])
          session.learn('customers.name', [value])
          const token = session.hide(value)
          // A value of nothing but punctuation has no token.
          if (!/^⟦\w+⟧$/.test(token)) return
          const sql = `SELECT a FROM t WHERE n = '${token}' AND m LIKE '%${token}%' AND o IN (${token}, 'it''s') LIMIT 5`
          const restored = session.restoreSql(sql, dialect)
          expect(restored).not.toContain(token)
          const verdict = analyzeSql(restored, dialect)
          const plain = analyzeSql(sql.replaceAll(token, 'x').replace('(x', "('x'"), dialect)
          if (!verdict.allowed) {
            // The guard takes no text with characters that hide; nothing else may be wrong with it.
            expect(verdict.code, restored).toBe('SQL_SYNTAX_NOT_ALLOWED')
            return
          }
          expect(verdict.tables).toEqual(plain.allowed ? plain.tables : [])
          expect(verdict.functions).toEqual(plain.allowed ? plain.functions : [])
        },
      ),
      { numRuns: 600 },
    )
  })

  it.each<[SqlDialect, string]>([
    ['duckdb', 'SELECT a AS "TOKEN" FROM t'],
    ['duckdb', 'SELECT a -- TOKEN\nFROM t'],
    ['duckdb', 'SELECT a /* TOKEN */ FROM t'],
    ['duckdb', "SELECT E'TOKEN'"],
    ['postgresql', 'SELECT $$TOKEN$$'],
    ['postgresql', "SELECT U&'TOKEN'"],
    ['databricks', "SELECT r'TOKEN'"],
    ['mysql', 'SELECT `TOKEN` FROM t'],
    ['duckdb', "SELECT 'TOKEN"],
    ['mysql', "SELECT 'a\\' , TOKEN"],
  ])('do not come back in %s where no value can stand: %s [private.tokens]', (dialect, sql) => {
    const session = open()
    const text = sql.replace('TOKEN', session.hide('Anna Müller'))
    expect(() => session.restoreSql(text, dialect)).toThrow(expect.objectContaining({ code: 'MODEL_OUTPUT_INVALID' }))
  })

  it('come back in what a model wrote, field by field [private.tokens]', () => {
    const session = open()
    const [o, anna] = [session.hide("Sinéad O'Connor"), session.hide('Anna Müller')]
    const output = {
      answer: {
        sql: `SELECT * FROM t WHERE n = '${o}' OR n=${anna}`,
        reading: `orders of ${o}`,
        n: 1,
        list: [anna, null],
      },
    }
    expect(session.restoreDeep(output, 'duckdb')).toEqual({
      answer: {
        sql: "SELECT * FROM t WHERE n = 'Sinéad O''Connor' OR n='Anna Müller'",
        reading: "orders of Sinéad O'Connor",
        n: 1,
        list: ['Anna Müller', null],
      },
    })
  })

  it('come back in a text that arrives in pieces, wherever it is cut [private.tokens]', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200)), (cuts) => {
        const session = open()
        const text = `It is ${session.hide('Anna Müller')}, not ${session.hide('Bob')} ⟦ or ⟧.`
        const at = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length]
        let given = ''
        const restoring = session.restoring((piece) => {
          given += piece
        })
        for (let i = 1; i < at.length; i++) restoring.push(text.slice(at[i - 1], at[i]))
        restoring.end()
        expect(given).toBe('It is Anna Müller, not Bob ⟦ or ⟧.')
      }),
    )
  })
})

describe('many patterns in one pass', () => {
  it('finds what a search for each of them finds [private.tokens]', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(
        fc.uniqueArray(letters, { maxLength: 12 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 }),
        (patterns, text) => {
          const matcher = new PatternMatcher<string>()
          for (const pattern of patterns) matcher.add(pattern, () => pattern)
          const found = matcher.find(text).map(({ end, payload }) => `${end - payload.length} ${payload}`)
          const expected = patterns.flatMap((pattern) =>
            [...text].flatMap((_, i) => (text.startsWith(pattern, i) ? [`${i} ${pattern}`] : [])),
          )
          expect(found.toSorted()).toEqual(expected.toSorted())
        },
      ),
    )
  })
})
