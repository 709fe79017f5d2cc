import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { AuditEntry, type NewAuditEntry } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../infra/services/postgres.mjs'
import { auditLog } from './audit.ts'
import { auditCondition } from './audit-search.ts'
import type { Database } from './database.ts'
import { openState, type State } from './index.ts'
import { CLOSED_PLACES, type Place } from './testing/places.ts'

const anEntry = (changes: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  principal: { id: 'ana', name: 'Ana', roles: ['analyst'] },
  surface: 'page',
  action: 'query',
  outcome: 'ok',
  ...changes,
})

describe.each(['embedded', 'server'] as const)('the audit log in the %s Postgres', (kind) => {
  let place: Place
  let state: State

  beforeAll(async () => {
    place = await CLOSED_PLACES[kind]()
    state = await openState(place.config)
  })
  afterAll(async () => {
    await state?.close()
    await place?.remove()
  })

  /** Changes the log as somebody who owns the database can. */
  async function tamper(...statements: string[]) {
    await state.db.transaction().execute(async (tx) => {
      await sql`alter table audit_log disable trigger user`.execute(tx)
      await sql`alter table audit_head disable trigger user`.execute(tx)
      for (const statement of statements) await sql.raw(statement).execute(tx)
      await sql`alter table audit_log enable always trigger audit_log_append_only`.execute(tx)
      await sql`alter table audit_head enable always trigger audit_head_kept`.execute(tx)
      await sql`alter table audit_head enable always trigger audit_head_forward`.execute(tx)
    })
  }

  it('keeps entries whole, in the order of the calls, across a restart [audit.chain] [audit.durable]', async () => {
    const heads = await Promise.all(
      Array.from({ length: 600 }, (_, n) =>
        state.audit.record(
          anEntry({ question: `Question ${n}`, surface: 'mcp', tables: [{ name: 'flights', columns: ['origin'] }] }),
        ),
      ),
    )
    expect(heads.map(({ seq }) => seq)).toEqual(Array.from({ length: 600 }, (_, n) => n + 1))
    await state.close()
    state = await openState(place.config)
    const next = await state.audit.record(anEntry())
    expect(next.seq).toBe(601)
    expect(await state.audit.head()).toEqual(next)
    expect(await state.audit.verify()).toEqual({ ok: true, checked: 601, head: next, fault: null })
    const tenth = AuditEntry.parse(await state.audit.get(10))
    expect(tenth).toMatchObject({ seq: 10, question: 'Question 9', hash: heads[9]?.hash, prevHash: heads[8]?.hash })
    await expect(state.audit.get(5000)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('holds any text and number so that the hash still matches', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 })
    const seen: NewAuditEntry[] = fc.sample(
      fc.record({
        principal: fc.record({ id: text, name: text, roles: fc.array(text, { maxLength: 2 }) }),
        surface: fc.constant('rest' as const),
        action: fc.constant('login-failed' as const),
        outcome: fc.constant('failed' as const),
        question: text,
        ms: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        tables: fc.array(fc.record({ name: text, columns: fc.array(text, { maxLength: 2 }) }), { maxLength: 2 }),
        details: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 }),
      }),
      200,
    )
    seen.push(
      anEntry({ question: 'a\0b \ud800' }),
      anEntry({ sqlAsked: `SELECT '${'long'.repeat(100_000)}'` }),
      anEntry({ sqlAsked: Array.from({ length: 60_000 }, (_, n) => `wörter${n}`).join(' ') }),
      anEntry({ principal: { id: 'i'.repeat(20_000), name: '', roles: [] } }),
    )
    await Promise.all(seen.map((entry) => state.audit.record(entry)))
    expect(await state.audit.verify()).toMatchObject({ ok: true })
    const { entries } = await state.audit.search({ text: 'a' }, { limit: 500 })
    expect(entries.some(({ question }) => question === 'a\uFFFDb \uFFFD')).toBe(true)
  })

  it('refuses to change, remove or empty what is recorded [audit.chain]', async () => {
    for (const statement of [
      `update audit_log set hash = '' where seq = 1`,
      'delete from audit_log where seq = 1',
      'delete from audit_log where false',
      'truncate audit_log',
      'delete from audit_head',
      'truncate audit_head',
      `update audit_head set seq = seq - 1`,
      `insert into audit_log select 9999999, hash, entry from audit_log where seq = 1`,
      `set session_replication_role = replica; update audit_log set hash = ''`,
    ]) {
      await expect(state.pool.query(statement), statement).rejects.toThrow(
        /append-only|only moves forward|check constraint/,
      )
      await state.pool.query('reset session_replication_role')
    }
  })

  it('shows what who owns the database did to it [audit.chain]', async () => {
    const found = async (fault: object) => expect((await state.audit.verify()).fault).toMatchObject(fault)
    const anchor = await state.audit.head()

    await tamper(`update audit_log set entry = jsonb_set(entry, '{question}', '"harmless"') where seq = 300`)
    await found({ kind: 'changed', seq: 300 })
    await tamper(`update audit_log set entry = jsonb_set(entry, '{question}', '"Question 299"') where seq = 300`)
    expect((await state.audit.verify()).ok).toBe(true)

    await tamper(
      'create table gone as select * from audit_log where seq between 5 and 6',
      'delete from audit_log where seq between 5 and 6',
    )
    await found({ kind: 'missing', seq: 5 })
    await tamper('insert into audit_log select * from gone', 'drop table gone')
    expect((await state.audit.verify()).ok).toBe(true)

    await tamper(
      `insert into audit_log select ${anchor.seq + 1}, hash, jsonb_set(entry, '{seq}', '${anchor.seq + 1}') from audit_log where seq = 1`,
    )
    await found({ kind: 'inserted', seq: anchor.seq + 1 })
    // And nothing is recorded behind a forged entry.
    await expect(state.audit.record(anEntry())).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' })
    await tamper(`delete from audit_log where seq = ${anchor.seq + 1}`)

    const last = (await state.audit.record(anEntry())).seq
    await tamper(`delete from audit_log where seq = ${last}`)
    await found({ kind: 'truncated', seq: last })
    // The head set back with it: the chain is whole, and only a head that was kept elsewhere shows it.
    const before = await state.audit.get(last - 2)
    await tamper(
      `delete from audit_log where seq > ${before.seq}`,
      `update audit_head set seq = ${before.seq}, hash = '${before.hash}'`,
    )
    expect((await state.audit.verify()).ok).toBe(true)
    expect((await state.audit.verify({ anchors: [anchor] })).fault).toMatchObject({
      kind: 'truncated',
      seq: anchor.seq,
    })
    expect((await state.audit.record(anEntry())).seq).toBe(anchor.seq)
    expect((await state.audit.verify({ anchors: [anchor] })).fault).toMatchObject({
      kind: 'rewritten',
      seq: anchor.seq,
    })
    expect((await state.audit.verify({ anchors: [{ hash: before.hash }] })).ok).toBe(true)
  })

  it('records refusals and failures as it does answers [audit.refusals]', async () => {
    await state.audit.record(
      anEntry({
        outcome: 'refused',
        sqlAsked: 'DELETE FROM flights',
        error: { code: 'QUERY_NOT_READ_ONLY', message: 'Only SELECT runs here.' },
      }),
    )
    await state.audit.record(anEntry({ action: 'refusal', outcome: 'refused', question: 'Show me all salaries' }))
    const { entries } = await state.audit.search({ outcome: 'refused' })
    expect(entries.map(({ action, sqlRun, error }) => [action, sqlRun, error?.code])).toEqual([
      ['refusal', null, undefined],
      ['query', null, 'QUERY_NOT_READ_ONLY'],
    ])
  })

  it('finds entries by who, what, when, where and by words [audit.search]', async () => {
    const bob = { id: 'bob', name: 'Bob Müller', roles: [] }
    const { seq } = await state.audit.record(
      anEntry({
        principal: bob,
        question: 'Wie viele Flüge?',
        sqlAsked: 'SELECT f.dep_delay FROM Flights f',
        sqlRun: 'SELECT f.dep_delay FROM (SELECT dep_delay FROM flights AS base) AS f',
        tables: [
          { name: 'Flights', columns: ['dep_delay'] },
          { name: 'main.planes', columns: ['tailnum'] },
        ],
        policies: ['only-own-airline'],
        answerId: '0c5f-77aa',
      }),
    )
    const { at } = await state.audit.get(seq)
    const find = async (filter: Parameters<State['audit']['search']>[0]) =>
      (await state.audit.search({ principal: 'bob', ...filter })).entries.map((entry) => entry.seq)
    for (const filter of [
      { action: 'query' as const, surface: 'page' as const, outcome: 'ok' as const },
      { table: 'flights' },
      { table: 'FLIGHTS.DEP_DELAY' },
      { table: 'main.planes' },
      { table: 'main.planes.tailnum' },
      { text: 'dep_delay' },
      { text: 'delay FLÜ' },
      { text: 'f.dep_delay FROM flights' },
      { text: 'own-airline' },
      { text: 'Müll' },
      { text: '0c5f-77aa' },
      { from: at, to: new Date(Date.parse(at) + 1).toISOString() },
      { from: at.slice(0, 10), to: at.slice(0, 10) },
    ]) {
      expect([filter, await find(filter)]).toEqual([filter, [seq]])
    }
    for (const filter of [
      { outcome: 'failed' as const },
      { table: 'planes' },
      { table: 'flights.tailnum' },
      { text: 'delayed' },
      { text: "x' | 'dep" },
      { to: at },
      { from: '2099-01-01' },
    ]) {
      expect([filter, await find(filter)]).toEqual([filter, []])
    }
    for (const text of ["' & !", '()|&!:*<->', '\\', '\0']) {
      await expect(find({ text })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
  })

  it('comes in pages, newest first, that new entries do not shift [audit.search]', async () => {
    const first = await state.audit.search({ surface: 'mcp' }, { limit: 250 })
    await state.audit.record(anEntry({ surface: 'mcp' }))
    const second = await state.audit.search({ surface: 'mcp' }, { limit: 250, before: first.next ?? 0 })
    const third = await state.audit.search({ surface: 'mcp' }, { limit: 250, before: second.next ?? 0 })
    const seqs = [first, second, third].flatMap(({ entries }) => entries.map(({ seq }) => seq))
    expect(seqs).toEqual(Array.from({ length: 600 }, (_, n) => 600 - n))
    expect(third.next).toBeNull()
  })

  it('reads oldest first for an export', async () => {
    const seqs: number[] = []
    for await (const { seq } of state.audit.entries({ surface: 'mcp', text: 'question' })) seqs.push(seq)
    expect(seqs).toEqual(Array.from({ length: 600 }, (_, n) => n + 1))
  })

  it('has an index for every filter [audit.search]', async () => {
    await sql`analyze audit_log`.execute(state.db)
    const many = {
      principal: 'nobody',
      action: 'share-opened',
      surface: 'slack',
      outcome: 'cancelled',
      table: 'nothing',
      text: 'nothing',
      from: '2099-01-01',
      to: '2000-01-01',
    } as const
    for (const [name, value] of Object.entries(many)) {
      const { rows } = await sql<{ 'QUERY PLAN': string }>`
        explain select seq from audit_log where ${auditCondition({ [name]: value })} order by seq desc limit 50`.execute(
        state.db,
      )
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect([name, plan]).toEqual([name, expect.stringMatching(/Index Scan.* (using|on) audit_log_(?!pkey)/)])
    }
  })

  it('fails the caller when it can not be written [audit.durable]', async () => {
    const lost = new Kysely<Database>({ dialect: new PostgresDialect({ pool: new pg.Pool({ port: 1 }) }) })
    await expect(auditLog(lost).record(anEntry())).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' })
    await lost.destroy()
    await expect(state.audit.record({ surface: 'page' } as NewAuditEntry)).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
    })
    // The next one goes on.
    expect((await state.audit.record(anEntry())).seq).toBeGreaterThan(0)
  })
})

describe('several processes on one Postgres', () => {
  let service: Awaited<ReturnType<typeof start>>

  beforeAll(async () => {
    service = await start()
    await (await openState({ dataDir: '/nowhere', databaseUrl: service.url })).close()
  })
  afterAll(() => service?.stop())

  const writer = (...args: string[]) =>
    spawn(process.execPath, [join(import.meta.dirname, 'testing/record-audit.ts'), service.url, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })

  it('keep one chain [audit.chain]', async () => {
    const writers = [1, 2, 3].map(() => writer('200'))
    const codes = await Promise.all(
      writers.map(async (child) => {
        child.stdout.resume()
        return (await once(child, 'close'))[0]
      }),
    )
    expect(codes).toEqual([0, 0, 0])
    const state = await openState({ dataDir: '/nowhere', databaseUrl: service.url })
    expect(await state.audit.verify()).toMatchObject({ ok: true, checked: 600 })
    await state.close()
  })

  it('lose no acknowledged entry to kill -9 [audit.durable]', async () => {
    const acknowledged: number[] = []
    for (const count of [5, 400]) {
      const child = writer()
      let left = count
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(Number(line))
        if (--left === 0) child.kill('SIGKILL')
      }
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(405)
    const state = await openState({ dataDir: '/nowhere', databaseUrl: service.url })
    expect((await state.audit.verify()).ok).toBe(true)
    const { rows } = await sql<{ seq: string }>`select seq from audit_log`.execute(state.db)
    const kept = new Set(rows.map(({ seq }) => Number(seq)))
    expect(acknowledged.filter((seq) => !kept.has(seq))).toEqual([])
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    await state.close()
  })

  it('flush each entry to disk also where the server does not wait for that [audit.durable]', async () => {
    const watcher = new pg.Client({ connectionString: service.url })
    await watcher.connect()
    await watcher.query('alter database postgres set synchronous_commit = off')
    const state = await openState({ dataDir: '/nowhere', databaseUrl: service.url })
    const unflushed = async () => {
      const { rows } = await watcher.query(
        'select (pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn())::int as bytes',
      )
      return rows[0].bytes
    }
    const { rows } = await state.pool.query('show synchronous_commit')
    expect(rows[0].synchronous_commit).toBe('off')
    for (let n = 0; n < 20; n++) {
      await state.audit.record(anEntry())
      expect(await unflushed()).toBe(0)
    }
    await state.close()
    await watcher.query('alter database postgres reset synchronous_commit')
    await watcher.end()
  })

  it('wait for one that holds the head, and fail when it does not let go [audit.durable]', async () => {
    const state = await openState({ dataDir: '/nowhere', databaseUrl: service.url })
    const holder = new pg.Client({ connectionString: service.url })
    await holder.connect()
    await holder.query('begin')
    await holder.query('select * from audit_head for update')
    const { seq } = await state.audit.head()
    const waiting = [1, 2, 3].map(() => state.audit.record(anEntry()))
    await holder.query('commit')
    expect((await Promise.all(waiting)).map((head) => head.seq)).toEqual([seq + 1, seq + 2, seq + 3])
    await holder.query('begin')
    await holder.query('select * from audit_head for update')
    const impatient = auditLog(state.db, { recordMs: 100 })
    await expect(impatient.record(anEntry())).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' })
    await holder.end()
    await state.close()
  })
})
