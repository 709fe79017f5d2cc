import { describe, expect, it } from 'vitest'
import { formatSql } from './format-sql.ts'

describe('formatSql', () => {
  it('gives every clause its line and every column its own', () => {
    const sql =
      "WITH late AS (SELECT carrier, dep_delay FROM flights WHERE dep_delay > 15 AND origin = 'JFK') " +
      'SELECT l.carrier, count(*) AS n FROM late AS l LEFT JOIN airlines AS a ON a.carrier = l.carrier GROUP BY l.carrier ORDER BY n DESC LIMIT 10'
    expect(formatSql(sql, 'duckdb')).toBe(
      `WITH late AS (
  SELECT
    carrier,
    dep_delay
  FROM flights
  WHERE dep_delay > 15
    AND origin = 'JFK'
)
SELECT
  l.carrier,
  count(*) AS n
FROM late AS l
LEFT JOIN airlines AS a ON a.carrier = l.carrier
GROUP BY l.carrier
ORDER BY n DESC
LIMIT 10`,
    )
  })

  it('keeps short things on their line', () => {
    expect(formatSql('SELECT count(*) FROM (SELECT 1) t', 'duckdb')).toBe('SELECT count(*)\nFROM (SELECT 1) t')
    expect(formatSql('SELECT a FROM t WHERE a BETWEEN 1 AND 2', 'duckdb')).toBe(
      'SELECT a\nFROM t\nWHERE a BETWEEN 1 AND 2',
    )
    expect(formatSql('SELECT extract(year FROM day) FROM t', 'duckdb')).toBe('SELECT extract(year FROM day)\nFROM t')
  })

  it('touches nothing inside texts and names', () => {
    expect(formatSql(`SELECT 'a  FROM b', "x  WHERE y" FROM t`, 'duckdb')).toContain(`'a  FROM b',\n  "x  WHERE y"`)
    const withLines = `'a  \n\t\nb' || "c \n"`
    expect(formatSql(`SELECT ${withLines} FROM t`, 'duckdb')).toContain(withLines)
  })
})
