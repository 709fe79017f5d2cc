import { readFileSync } from 'node:fs'
import { analyzeSql } from '@plumbline/native'
import { describe, expect, it } from 'vitest'
import { CORPUS, DIALECTS } from './corpus/index.ts'
import { numbers } from './corpus/numbers.ts'
import { expectSameVerdict } from './corpus/same-verdict.ts'
import { formatSql } from './format-sql.ts'

/** A sentence that says what to do, behind the one that says what is wrong. */
const ALTERNATIVE = /(?:^|[.:,] )(?:Write|Take|Name|Leave|Put|List|Number|Cast|Compute|Join)\b/

describe.each(DIALECTS)('queries of analysts in %s', (dialect) => {
  const { legitimate } = CORPUS[dialect]
  const refused = legitimate.filter((sql) => !analyzeSql(sql, dialect).allowed)
  const allowed = legitimate.filter((sql) => !refused.includes(sql))

  it('are allowed but for one in twenty [guard.legitimate] [guard.dialects]', () => {
    expect(legitimate.length).toBeGreaterThanOrEqual(dialect === 'sqlite' ? 20 : 60)
    expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(legitimate.length * 0.05)
  })

  it('are told what to write where they are not [guard.legitimate]', () => {
    for (const sql of refused)
      expect(analyzeSql(sql, dialect)).toMatchObject({ reason: expect.stringMatching(ALTERNATIVE) })
  })

  it.each(allowed.map((sql) => [JSON.stringify(sql).slice(0, 90), sql] as const))(
    'are their own print, and laid out they are the same: %s [guard.round-trip]',
    (_, sql) => {
      const once = analyzeSql(sql, dialect)
      expect(once).toMatchObject({ allowed: true, kind: 'query' })
      if (!once.allowed) return
      expectSameVerdict(analyzeSql(once.sql, dialect), once)
      expectSameVerdict(analyzeSql(formatSql(sql, dialect), dialect), once)
    },
  )
})

describe('the corpus', () => {
  it('is legitimate in about half of its parts [guard.legitimate]', () => {
    const five = DIALECTS.filter((dialect) => dialect !== 'sqlite')
    const legitimate = five.reduce((sum, dialect) => sum + CORPUS[dialect].legitimate.length, 0)
    const hostile = five.reduce((sum, dialect) => sum + CORPUS[dialect].hostile.length, 0)
    expect(legitimate + hostile).toBeGreaterThanOrEqual(400)
    expect(legitimate / (legitimate + hostile)).toBeGreaterThan(0.4)
  })

  it('has the numbers that its README gives', () => {
    const readme = readFileSync(new URL('./corpus/README.md', import.meta.url), 'utf8')
    expect(readme).toContain(numbers())
  })
})

describe('what is mended', () => {
  const printed = (sql: string, dialect: (typeof DIALECTS)[number], maxRows?: number) => {
    const verdict = analyzeSql(sql, dialect, maxRows)
    return verdict.allowed ? verdict.sql : verdict.reason
  }

  it('an alias behind an earlier version of a table [guard.round-trip]', () => {
    expect(printed('SELECT f.a FROM t AT (OFFSET => -60) AS f', 'snowflake')).toBe(
      'SELECT f.a FROM (SELECT * FROM t AT(OFFSET => -60)) AS f',
    )
    expect(printed('SELECT f.a FROM t VERSION AS OF 3 f', 'databricks')).toBe(
      'SELECT f.a FROM (SELECT * FROM t VERSION AS OF 3) f',
    )
  })

  it('TOP, which becomes a LIMIT that the bound can lower [guard.round-trip]', () => {
    expect(printed('SELECT TOP 5 a FROM t', 'snowflake')).toBe('SELECT a FROM t LIMIT 5')
    expect(printed('SELECT TOP 500 a FROM t', 'snowflake', 10)).toBe('SELECT a FROM t LIMIT 11')
    expect(printed('SELECT a FROM (SELECT TOP 2 a FROM t) x', 'snowflake')).toBe(
      'SELECT a FROM (SELECT a FROM t LIMIT 2) x',
    )
    expect(printed('SELECT TOP 2 a FROM t UNION SELECT 1', 'snowflake')).toContain('Write LIMIT')
  })

  it('what DuckDB reads and the tree has no place for [guard.round-trip]', () => {
    expect(printed('SELECT * FROM t ASOF LEFT JOIN u USING (a)', 'duckdb')).toBe(
      'SELECT * FROM t ASOF LEFT JOIN u USING(a)',
    )
    expect(printed("SELECT ' GLOBAL JOIN ' FROM t asof join u ON t.a >= u.a", 'duckdb')).toBe(
      "SELECT ' GLOBAL JOIN ' FROM t ASOF JOIN u ON t.a >= u.a",
    )
    expect(printed('SELECT * FROM t GLOBAL JOIN u USING (a)', 'duckdb')).toContain('Leave it out')
    expect(
      printed('WITH a AS MATERIALIZED (SELECT 1), b AS NOT MATERIALIZED (SELECT 2) SELECT * FROM a, b', 'duckdb'),
    ).toBe('WITH a AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a, b')
    expect(printed('SELECT [x + 1 for x in l if x > 0] FROM t', 'duckdb')).toBe(
      'SELECT list_transform(list_filter(l, lambda x : x > 0), lambda x : x + 1) FROM t',
    )
    expect(printed('UNPIVOT t ON a, b INTO NAME n VALUE v ORDER BY n', 'duckdb')).toBe(
      'SELECT * FROM t UNPIVOT(v FOR n IN (a, b)) ORDER BY n',
    )
  })
})
