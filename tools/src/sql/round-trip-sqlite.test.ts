import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'vitest'
import { expectSame, printedCorpus, type Result } from './corpus/same-result.ts'
import { TABLES } from './corpus/sqlite/legitimate.ts'

const database = new DatabaseSync(':memory:')
database.exec(TABLES)

function run(sql: string): Result {
  const statement = database.prepare(sql)
  return {
    names: statement.columns().map(({ name }) => name),
    rows: statement.all().map((row) => JSON.stringify(Object.values(row))),
  }
}

describe('what the guard prints, in SQLite', () => {
  it.each(printedCorpus('sqlite'))(
    'brings what was asked for: %s [guard.round-trip] [guard.dialects]',
    (_, asked, printed) => {
      expectSame(asked, run(asked), run(printed))
    },
  )
})
