import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgliteStreams } from './pglite-stream.ts'
import { toStateError } from './state-error.ts'

let db: PGlite
let streams: ReturnType<typeof pgliteStreams>
let silent = false

beforeAll(async () => {
  db = await PGlite.create()
  streams = pgliteStreams(db)
  // What the engine does after a panic, such as a full disk while it writes its log: it takes messages and says nothing.
  const speak = db.execProtocolRawStream.bind(db)
  db.execProtocolRawStream = async (message, options) => (silent ? undefined : speak(message, options))
})
afterAll(() => db.close())

function poolOf(): pg.Pool {
  const pool = new pg.Pool({ stream: streams, user: 'postgres', database: 'postgres', max: 1 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

describe('the driver over the embedded engine', () => {
  it('speaks types, parameters and prepared statements as to a server', async () => {
    const pool = poolOf()
    for (let n = 0; n < 2; n++) {
      const { rows } = await pool.query({
        name: 'kept',
        text: "select $1::int + 1 as n, $2::jsonb as j, '\\x00ff'::bytea as b, '2013-07-01T00:00:00Z'::timestamptz as t",
        values: [n, { a: ['ü', null] }],
      })
      expect(rows).toEqual([
        { n: n + 1, j: { a: ['ü', null] }, b: Buffer.from([0, 255]), t: new Date('2013-07-01T00:00:00Z') },
      ])
    }
    const big = 'x'.repeat(3_000_000)
    expect((await pool.query('select $1::text as big', [big])).rows[0].big).toBe(big)
    await pool.end()
  })

  it('gives the next connection a clean session', async () => {
    const first = poolOf()
    await first.query("set timezone = 'Asia/Tokyo'")
    await first.query('create temp table left_over (n int)')
    await first.query({ name: 'left', text: 'select 1' })
    await first.end()
    const second = poolOf()
    const { rows } = await second.query(
      "select current_setting('timezone') as zone, to_regclass('left_over') as t, (select count(*)::int from pg_prepared_statements where name = 'left') as n",
    )
    expect(rows).toEqual([{ zone: expect.not.stringContaining('Tokyo'), t: null, n: 0 }])
    await second.end()
  })

  it('fails at once when the engine falls silent, in place of waiting for ever', async () => {
    const pool = poolOf()
    await pool.query('select 1')
    silent = true
    for (let n = 0; n < 3; n++) {
      const error = await pool.query('select $1::int', [1]).catch((thrown: unknown) => thrown)
      expect(toStateError(error)).toMatchObject({ code: 'STATE_UNAVAILABLE' })
    }
    silent = false
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })
})
