import { afterAll, describe, expect, it } from 'vitest'
import { type MariadbService, start } from '../../../infra/services/mariadb.mjs'
import { TABLES } from './corpus/mysql/legitimate.ts'
import { expectSame, printedCorpus, type Result } from './corpus/same-result.ts'

/** What MySQL has and MariaDB has not. */
const MYSQL_ALONE = /->/
const QUERIES = printedCorpus('mysql').filter(([, asked]) => !MYSQL_ALONE.test(asked))

const service = await start().catch((error: Error) => {
  console.warn(`MySQL's round trips are skipped. ${error.message}`)
})
afterAll(() => service?.stop())

/** One run of the client for all: each result behind a line with its number. */
async function results(mariadb: MariadbService, statements: readonly string[]): Promise<Result[]> {
  const mark = (at: number) => `=== ${at} ===`
  const script = statements.map((sql, at) => `SELECT '${mark(at)}';\n${sql};\n`)
  const lines = (await mariadb.query(script.join(''))).split('\n')
  return statements.map((_, at) => {
    const [from, to] = [lines.lastIndexOf(mark(at)), lines.indexOf(mark(at + 1))]
    const [names = '', ...rows] = lines.slice(from + 1, to < 0 ? -1 : to)
    return { names: names.split('\t'), rows }
  })
}

describe.skipIf(!service)('what the guard prints, in MariaDB', () => {
  it('brings what was asked for [guard.round-trip] [guard.dialects]', async () => {
    if (!service) return
    await service.query(TABLES)
    const asked = await results(
      service,
      QUERIES.map(([, sql]) => sql),
    )
    const printed = await results(
      service,
      QUERIES.map(([, , sql]) => sql),
    )
    for (const [at, [, sql]] of QUERIES.entries()) {
      const [was, is] = [asked[at], printed[at]]
      if (!was || !is) throw new Error(`There is no result of ${sql}`)
      expect(was.names, sql).not.toEqual([''])
      expectSame(sql, was, is)
    }
  })
})
