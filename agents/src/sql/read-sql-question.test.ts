import { describe, expect, it } from 'vitest'
import { readSqlQuestion } from './read-sql-question.ts'

describe('readSqlQuestion [safety.bad-input]', () => {
  it('takes a read as SQL', () => {
    expect(readSqlQuestion('select origin, count(*) from flights group by origin', 'duckdb')).toMatchObject({
      kind: 'sql',
    })
  })

  it.each([
    'DROP TABLE flights',
    'delete from flights',
    'update flights set dep_delay = 0',
    "COPY flights TO '/tmp/x.csv'",
    'select 1 from flights; drop table flights',
    "select * from read_csv('/etc/passwd')",
    'insert into flights values (1)',
    "attach 'x.db'",
    'with x as (delete from flights returning *) select * from x',
  ])('refuses %s with a reason', (sql) => {
    const read = readSqlQuestion(sql, 'duckdb')
    expect(read).toMatchObject({ kind: 'refuse' })
    expect(read?.kind === 'refuse' && read.reason.length).toBeGreaterThan(30)
  })

  it.each([
    'select the busiest month from last year',
    'How many flights left JFK in July 2013?',
    'update me on delays',
    'with which airline are delays worst',
    'drop in flights between May and June',
    'call sign of the most used plane',
  ])('reads “%s” as English', (question) => {
    expect(readSqlQuestion(question, 'duckdb')).toBeNull()
  })
})
