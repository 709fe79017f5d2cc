import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuditFile } from '@plumbline/tools/audit'
import type { NewAuditEntry } from '@plumbline/tools/contract'
import type pg from 'pg'
import { start } from '../../infra/services/postgres.mjs'
import { openState } from '../src/state/index.ts'

// What the record of a query adds to it: one caller after another, then 32 at once, beside a plain INSERT of the same JSON into a
// table without chain and indexes, in the same database.
const ALONE = 400
const AT_ONCE = 32
const entry: NewAuditEntry = {
  principal: { id: 'ana', name: 'Ana', roles: ['analyst'] },
  surface: 'page',
  action: 'query',
  outcome: 'ok',
  question: 'Which airline had the worst average departure delay in July 2013?',
  source: 'flights',
  sqlAsked: 'SELECT name, avg(dep_delay) FROM flights JOIN airlines USING (carrier) GROUP BY 1 ORDER BY 2 DESC LIMIT 1',
  sqlRun: `SELECT "name", avg("dep_delay") FROM (SELECT ${'"column_of_the_table", '.repeat(20)} "carrier" FROM "flights" AS "base" WHERE "origin" = 'JFK') AS "flights" JOIN "airlines" USING ("carrier") GROUP BY 1 ORDER BY 2 DESC LIMIT 1`,
  policies: ['only-own-airport'],
  tables: [
    { name: 'flights', columns: ['dep_delay', 'carrier', 'origin'] },
    { name: 'airlines', columns: ['carrier', 'name'] },
  ],
  rowsOut: 1,
  ms: 12,
}

const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0

async function timed(calls: number, atOnce: number, call: () => Promise<unknown>): Promise<string> {
  for (let n = 0; n < 50; n++) await call()
  const taken: number[] = []
  const startedAt = performance.now()
  const work = async () => {
    while (taken.length + atOnce <= calls) {
      const callAt = performance.now()
      await call()
      taken.push(performance.now() - callAt)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const perSecond = (taken.length / (performance.now() - startedAt)) * 1000
  return `p50 ${quantile(taken, 0.5).toFixed(2)} ms, p95 ${quantile(taken, 0.95).toFixed(2)} ms, ${perSecond.toFixed(0)} a second`
}

async function show(what: string, call: () => Promise<unknown>): Promise<void> {
  console.log(`${what}, one by one: ${await timed(ALONE, 1, call)}`)
  console.log(`${what}, ${AT_ONCE} at once: ${await timed(ALONE * 5, AT_ONCE, call)}`)
}

async function beside(pool: pg.Pool, name: string): Promise<void> {
  await pool.query('create table plain (id bigint generated always as identity primary key, entry jsonb not null)')
  const json = JSON.stringify(entry)
  await show(`${name}: plain INSERT`, () => pool.query('insert into plain (entry) values ($1)', [json]))
}

const folder = await mkdtemp(join(tmpdir(), 'plumbline-bench-'))
const postgres = await start()
try {
  for (const [name, config] of [
    ['PGlite', { dataDir: join(folder, 'state') }],
    ['Postgres', { dataDir: '/nowhere', databaseUrl: postgres.url }],
  ] as const) {
    const state = await openState(config)
    await beside(state.pool, name)
    await show(`${name}: audit entry`, () => state.audit.record(entry))
    const verdict = await state.audit.verify()
    if (!verdict.ok) throw new Error(verdict.fault?.message)
    await state.close()
  }
  const file = await openAuditFile(join(folder, 'audit.jsonl'))
  await show('file: audit entry', () => file.record(entry))
  await file.close()
} finally {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
