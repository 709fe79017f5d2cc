import { analyzeSql } from '@plumbline/native'
import { describe, expect, it } from 'vitest'
import { CORPUS, DIALECTS } from './corpus/index.ts'

describe.each(DIALECTS)('statements of %s that must not run', (dialect) => {
  const { hostile } = CORPUS[dialect]

  it.each(hostile.map(([sql, code]) => [JSON.stringify(sql).slice(0, 90), sql, code] as const))(
    'refuses %s [guard.read-only] [guard.functions] [guard.nesting] [guard.dialects]',
    (_, sql, code) => {
      const verdict = analyzeSql(sql, dialect, 1000)
      expect(verdict).toMatchObject({ allowed: false, code })
      if (verdict.allowed) return
      expect(verdict.reason.length).toBeGreaterThan(10)
      expect(verdict.part.length).toBeLessThanOrEqual(120)
    },
  )
})

describe('the hostile corpus', () => {
  it('is large: some 200 statements over the five dialects of warehouses [guard.dialects]', () => {
    const of = (dialects: typeof DIALECTS) => dialects.reduce((sum, name) => sum + CORPUS[name].hostile.length, 0)
    expect(of(DIALECTS.filter((dialect) => dialect !== 'sqlite'))).toBeGreaterThanOrEqual(400)
    for (const dialect of DIALECTS.filter((name) => name !== 'sqlite'))
      expect(CORPUS[dialect].hostile.length, dialect).toBeGreaterThanOrEqual(60)
  })

  it('holds no statement twice', () => {
    for (const dialect of DIALECTS) {
      const all = [...CORPUS[dialect].hostile.map(([sql]) => sql), ...CORPUS[dialect].legitimate]
      expect(new Set(all).size, dialect).toBe(all.length)
    }
  })

  it('comes to an end, whatever the text [guard.nesting]', () => {
    for (const dialect of DIALECTS) {
      for (const [sql] of CORPUS[dialect].hostile) {
        // Not a benchmark: a text that the guard can not bound takes minutes.
        const start = performance.now()
        analyzeSql(sql, dialect, 1000)
        expect(performance.now() - start, sql.slice(0, 80)).toBeLessThan(10_000)
      }
    }
  })
})

describe('refusals that teach [guard.legitimate]', () => {
  const reason = (sql: string, dialect: (typeof DIALECTS)[number]) => {
    const verdict = analyzeSql(sql, dialect)
    return verdict.allowed ? 'allowed' : verdict.reason
  }

  it.each([
    ['postgresql', 'SELECT random()', 'TABLESAMPLE … REPEATABLE (42)'],
    ['postgresql', 'SELECT a FROM t TABLESAMPLE SYSTEM (10)', 'Write TABLESAMPLE BERNOULLI (10) REPEATABLE (42).'],
    ['duckdb', 'SELECT a FROM t TABLESAMPLE SYSTEM (10 PERCENT)', 'BERNOULLI (10 PERCENT) REPEATABLE (42)'],
    ['mysql', 'SELECT uuid()', 'row_number() OVER'],
    ['duckdb', "SELECT nextval('s')", 'row_number() OVER'],
    ['duckdb', "SELECT * FROM read_csv('x.csv')", 'Name a table with the data.'],
    ['duckdb', "SELECT date_format(day, '%Y') FROM t", 'Write strftime'],
    ['postgresql', 'SELECT nvl(a, 0) FROM t', 'Write coalesce'],
    ['snowflake', 'SELECT if(a, 1, 0), aproximate_count(b) FROM t', 'aproximate_count is not on the list'],
    ['databricks', 'SELECT aprox_count_distinct(b) FROM t', 'Write approx_count_distinct'],
    ['postgresql', "SELECT * FROM t PIVOT (sum(a) FOR b IN ('x'))", 'sum(CASE WHEN'],
    ['snowflake', 'SELECT * FROM t, TABLE(GENERATOR(ROWCOUNT => 99999999))', 'Write a smaller ROWCOUNT'],
    ['duckdb', 'PIVOT t ON a USING sum(b)', 'SELECT * FROM t PIVOT (sum(x) FOR month'],
    ['postgresql', 'SELECT a FROM t FOR UPDATE', 'Leave the lock out'],
    ['postgresql', "SELECT a AS 'b' FROM t", 'Write AS "b".'],
    ['databricks', 'SELECT a AS "b c" FROM t', 'Write AS `b c`.'],
  ] as const)('in %s of %s says: %s', (dialect, sql, words) => {
    expect(reason(sql, dialect)).toContain(words)
  })
})
