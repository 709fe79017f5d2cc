import { analyzeSql, type SqlDialect } from '@plumbline/native'
import { describe, expect, it } from 'vitest'
import { CORPUS, DIALECTS } from '../corpus/index.ts'
import { disagreement } from './agree.ts'
import { assertParsersAgree } from './assert-parsers-agree.ts'
import type { NamedTable } from './opinion.ts'
import { secondOpinion } from './second-opinion.ts'

const written = ({ catalog, schema, name }: NamedTable) =>
  [catalog, schema, name].filter((part) => part !== undefined).join('.')

/** The tables that the second parser sees, in the order of their names. */
async function tables(sql: string, dialect: SqlDialect): Promise<string[] | string> {
  const opinion = await secondOpinion(sql, dialect)
  return opinion.kind === 'query' ? opinion.tables.map(written).sort() : opinion.kind
}

/** Queries with a table in every position where one can stand, and the tables. */
const POSITIONS: readonly (readonly [SqlDialect, string, readonly string[]])[] = [
  ['duckdb', 'SELECT a FROM c.s.t x JOIN u USING (a) ASOF JOIN v ON x.a >= v.a', ['c.s.t', 'u', 'v']],
  [
    'duckdb',
    'SELECT (SELECT max(a) FROM b), EXISTS (FROM c) FROM t WHERE a IN (SELECT a FROM d)',
    ['b', 'c', 'd', 't'],
  ],
  ['duckdb', 'SELECT a FROM t GROUP BY (SELECT 1 FROM b) HAVING (SELECT true FROM c)', ['b', 'c', 't']],
  [
    'duckdb',
    'FROM t QUALIFY row_number() OVER (ORDER BY (SELECT 1 FROM b)) = 1 LIMIT (SELECT 1 FROM c)',
    ['b', 'c', 't'],
  ],
  [
    'duckdb',
    'SELECT sum(a) FILTER (WHERE (SELECT true FROM b)), list_transform(l, x -> (SELECT x FROM c)) FROM t',
    ['b', 'c', 't'],
  ],
  ['duckdb', "PIVOT t ON a IN ('x', 'y') USING sum((SELECT 1 FROM b))", ['b', 't']],
  ['duckdb', 'FROM (UNPIVOT s.t ON a, b INTO NAME n VALUE v)', ['s.t']],
  ['duckdb', 'SELECT * FROM t, LATERAL (SELECT * FROM u WHERE u.a = t.a)', ['t', 'u']],
  ['duckdb', 'TABLE t UNION (FROM u EXCEPT FROM v)', ['t', 'u', 'v']],
  ['duckdb', 'WITH a AS (FROM a), b AS (FROM A) FROM b, B, main.a', ['a', 'main.a']],
  ['duckdb', 'WITH a AS (FROM b), b AS (SELECT 1) FROM a', ['b']],
  ['duckdb', 'SELECT (WITH a AS (SELECT 1) FROM a) FROM a', ['a']],
  ['duckdb', 'WITH RECURSIVE a AS (FROM a UNION ALL FROM a) FROM a', ['a']],
  ['postgresql', 'SELECT a FROM c.s.t x, ONLY u, LATERAL (SELECT 1 FROM v) y', ['c.s.t', 'u', 'v']],
  ['postgresql', 'TABLE t', ['t']],
  ['postgresql', 'SELECT * FROM ROWS FROM (generate_series(1, (SELECT max(a) FROM t)), unnest(b)) AS x', ['t']],
  ['postgresql', 'SELECT a FROM t ORDER BY (SELECT 1 FROM u) LIMIT (SELECT 1 FROM v)', ['t', 'u', 'v']],
  ['postgresql', 'SELECT ARRAY(SELECT 1 FROM t), a = ANY (SELECT 1 FROM u) FROM v', ['t', 'u', 'v']],
  ['postgresql', 'WITH "A" AS (SELECT 1) SELECT * FROM a, "A"', ['a']],
  ['postgresql', 'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a', ['b']],
  ['postgresql', 'WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a) SELECT * FROM a, b', ['b']],
  ['postgresql', '(WITH a AS (SELECT 1) SELECT * FROM a) UNION SELECT * FROM a', ['a']],
  ['snowflake', 'SELECT * FROM c.s.t AT(OFFSET => -60) x, LATERAL FLATTEN(input => (SELECT v FROM u))', ['c.s.t', 'u']],
  [
    'snowflake',
    "SELECT * FROM t PIVOT(sum(a) FOR b IN ('x')) UNION SELECT * FROM u UNPIVOT(a FOR b IN (c, d))",
    ['t', 'u'],
  ],
  [
    'snowflake',
    'SELECT * FROM a ASOF JOIN b MATCH_CONDITION(a.t >= b.t) QUALIFY (SELECT true FROM c)',
    ['a', 'b', 'c'],
  ],
  ['snowflake', 'WITH "a" AS (SELECT 1) SELECT * FROM a, "a"', ['a']],
  [
    'databricks',
    'SELECT * FROM c.`s`.t VERSION AS OF 3 LATERAL VIEW explode((SELECT x FROM u)) e AS y',
    ['c.s.t', 'u'],
  ],
  ['databricks', 'WITH a AS (SELECT 1) SELECT * FROM A LEFT SEMI JOIN b ON true', ['b']],
  ['mysql', 'SELECT * FROM (a, b) LEFT JOIN (c CROSS JOIN d) ON EXISTS (SELECT 1 FROM e)', ['a', 'b', 'c', 'd', 'e']],
  ['mysql', 'WITH a AS (SELECT 1) SELECT * FROM A', ['A']],
  ['sqlite', 'SELECT a FROM t WHERE a IN u', ['t', 'u']],
  ['sqlite', 'WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a UNION SELECT * FROM a) SELECT * FROM a', []],
]

describe('a second opinion', () => {
  for (const [dialect, sql, expected] of POSITIONS) {
    it(`sees every table in ${dialect}: ${sql} [guard.second-parser]`, async () => {
      expect(await tables(sql, dialect)).toEqual(expected)
    })
  }

  it.each<[SqlDialect, string]>([
    ['duckdb', 'DELETE FROM t'],
    ['duckdb', 'SELECT 1; SELECT 2'],
    ['duckdb', 'SHOW TABLES'],
    ['duckdb', "COPY t TO 'x.csv'"],
    ['postgresql', 'SELECT 1; SELECT 2'],
    ['postgresql', 'SELECT * INTO u FROM t'],
    ['postgresql', 'SELECT * FROM t FOR UPDATE'],
    ['postgresql', 'WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x'],
    ['snowflake', 'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE'],
    ['snowflake', 'SELECT 1; SELECT 2'],
    ['databricks', 'INSERT INTO t SELECT * FROM u'],
    ['mysql', 'TABLE t'],
    ['mysql', 'SELECT * FROM t FOR UPDATE'],
    ['sqlite', 'DROP TABLE t'],
  ])('is no query in %s: %s [guard.second-parser]', async (dialect, sql) => {
    expect(await tables(sql, dialect)).toBe('other')
  })

  it.each<SqlDialect>(['duckdb', 'postgresql', 'snowflake', 'databricks', 'mysql', 'sqlite'])(
    'is unreadable in %s where the text is no SQL [guard.second-parser]',
    async (dialect) => {
      expect(await tables('SELECT FROM WHERE (', dialect)).toBe('unreadable')
      expect(await tables(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, dialect)).toBe('unreadable')
      // And it still reads the next one.
      expect(await tables('SELECT a FROM t', dialect)).toEqual(['t'])
    },
  )

  it('is the one of the guard on what analysts write, but for a few [guard.second-parser]', async () => {
    const differ: string[] = []
    let allowed = 0
    for (const dialect of DIALECTS) {
      for (const sql of CORPUS[dialect].legitimate) {
        const verdict = analyzeSql(sql, dialect, 100)
        if (!verdict.allowed) continue
        allowed++
        if (disagreement(verdict.tables, await secondOpinion(verdict.sql, dialect), dialect)) differ.push(sql)
      }
    }
    expect(allowed).toBeGreaterThan(400)
    // Not read by polyglot-sql: `* ILIKE` of Snowflake, DEFAULT … ON EMPTY of MySQL.
    expect(differ.length, differ.join('\n')).toBeLessThanOrEqual(2)
  })

  it('finds every table that a hole in the first parser would hide [guard.second-parser]', async () => {
    let holes = 0
    for (const dialect of DIALECTS) {
      for (const sql of CORPUS[dialect].legitimate) {
        const verdict = analyzeSql(sql, dialect, 100)
        if (!verdict.allowed) continue
        const { sql: printed, tables } = verdict
        for (const hidden of new Set(tables.map(written))) {
          const seen = tables.filter((table) => written(table) !== hidden)
          await expect(assertParsersAgree({ dialect, sql: printed, tables: seen }), sql).rejects.toMatchObject({
            code: 'QUERY_TOO_COMPLEX',
            data: { guardCode: 'SQL_PARSERS_DISAGREE' },
          })
          holes++
        }
      }
    }
    expect(holes).toBeGreaterThan(400)
  })

  it('names the table that only one of the parsers sees [guard.second-parser]', async () => {
    const verdict = analyzeSql('SELECT * FROM Sales.Orders o, u', 'duckdb')
    if (!verdict.allowed) throw new Error(verdict.reason)
    const opinion = await secondOpinion(verdict.sql, 'duckdb')
    expect(disagreement(verdict.tables, opinion, 'duckdb')).toBeNull()
    expect(disagreement(verdict.tables.slice(0, 1), opinion, 'duckdb')).toMatchObject({
      onlyFirst: [],
      onlySecond: ['"u"'],
    })
    expect(disagreement([...verdict.tables, { name: 'v' }], opinion, 'duckdb')).toMatchObject({
      onlyFirst: ['"v"'],
    })
  })
})
