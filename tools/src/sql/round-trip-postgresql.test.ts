import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { start } from '../../../infra/services/postgres.mjs'
import { TABLES } from './corpus/postgresql/legitimate.ts'
import { expectSame, printedCorpus, type Result } from './corpus/same-result.ts'

let service: Awaited<ReturnType<typeof start>>
let client: pg.Client

beforeAll(async () => {
  service = await start()
  client = new pg.Client(service.url)
  await client.connect()
  await client.query(TABLES)
})
afterAll(async () => {
  await client?.end()
  await service?.stop()
})

async function run(sql: string): Promise<Result> {
  const { fields, rows } = await client.query({ text: sql, rowMode: 'array' })
  return { names: fields.map(({ name }) => name), rows: rows.map((row) => JSON.stringify(row)) }
}

describe('what the guard prints, in PostgreSQL', () => {
  it.each(printedCorpus('postgresql'))(
    'brings what was asked for: %s [guard.round-trip] [guard.dialects]',
    async (_, asked, printed) => {
      expectSame(asked, await run(asked), await run(printed))
    },
  )
})
