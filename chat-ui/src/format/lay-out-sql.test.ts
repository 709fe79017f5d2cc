import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { highlightSql } from './highlight-sql.ts'
import { layOutSql } from './lay-out-sql.ts'

describe('SQL on several lines', () => {
  it('begins a line with each clause and goes in for a query in brackets', () => {
    const sql =
      "SELECT f.origin, avg(f.dep_delay) AS delay FROM (SELECT dep_delay, origin FROM flights AS base WHERE origin = 'JFK') AS f LEFT OUTER JOIN airlines AS a ON a.carrier = f.carrier WHERE f.dep_delay > 0 GROUP BY 1 ORDER BY delay DESC LIMIT 10"
    expect(layOutSql(sql)).toBe(`SELECT f.origin, avg(f.dep_delay) AS delay
FROM (
  SELECT dep_delay, origin
  FROM flights AS base
  WHERE origin = 'JFK'
) AS f
LEFT OUTER JOIN airlines AS a ON a.carrier = f.carrier
WHERE f.dep_delay > 0
GROUP BY 1
ORDER BY delay DESC
LIMIT 10`)
  })

  it('gives each column of a long SELECT its line, and leaves clauses in functions alone', () => {
    const sql =
      'SELECT extract(month FROM time_hour) AS month, count(*) FILTER (WHERE dep_delay > 15) AS late, row_number() OVER (PARTITION BY origin ORDER BY dep_delay) AS place FROM flights'
    expect(layOutSql(sql)).toBe(`SELECT extract(month FROM time_hour) AS month,
  count(*) FILTER (WHERE dep_delay > 15) AS late,
  row_number() OVER (PARTITION BY origin ORDER BY dep_delay) AS place
FROM flights`)
  })

  it('keeps lines that are there, and what is short', () => {
    const written = 'SELECT *\nFROM flights WHERE origin = 1 ORDER BY a_rather_long_name_of_a_column'
    expect(layOutSql(written)).toBe(written)
    expect(layOutSql('SELECT 1 FROM t')).toBe('SELECT 1 FROM t')
  })

  it('changes white space only', () => {
    const word = fc.constantFrom(
      ...[
        'SELECT',
        'FROM',
        '(',
        ')',
        ',',
        'LEFT',
        'JOIN',
        'UNION',
        'ALL',
        "'a b  FROM'",
        '"x (y"',
        'WITH',
        't',
        'GROUP',
      ],
      ...['BY', '/* FROM */', '1.5', 'count'],
    )
    const solid = (sql: string) =>
      highlightSql(sql)
        .filter((token) => token.kind !== 'space')
        .map((token) => token.text)
    fc.assert(
      fc.property(fc.array(word, { minLength: 5, maxLength: 60 }), (words) => {
        const sql = words.join(' ')
        expect(solid(layOutSql(sql))).toEqual(solid(sql))
      }),
    )
  })
})
