import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { analyzeSql } from '@plumbline/native'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../infra/services/postgres.mjs'
import { TABLES as DUCKDB_TABLES } from './corpus/duckdb/legitimate.ts'
import { mutantOf } from './corpus/mutant.ts'
import { TABLES as POSTGRESQL_TABLES } from './corpus/postgresql/legitimate.ts'

/** A mutant may be a query without end, such as a recursion whose condition is gone. */
const PATIENCE_MS = 300

/** The folder that the statements' paths lead to, and where the process stands: nothing may appear in it. */
const folder = mkdtempSync(join(tmpdir(), 'plumbline-canary-'))
chmodSync(folder, 0o777)
const home = process.cwd()
beforeAll(() => process.chdir(folder))
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

const intoFolder = (sql: string) => sql.replaceAll(/(?:file:\/\/)?\/(?:tmp|etc|data|var\/www)\//g, `${folder}/`)
const files = () => readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).size}`)
const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

/** What is allowed of a text that leads into the folder. */
function allowed(sql: string, dialect: 'duckdb' | 'postgresql'): string | undefined {
  const verdict = analyzeSql(intoFolder(sql), dialect, 50)
  return verdict.allowed ? verdict.sql : undefined
}

describe('allowed mutants in a DuckDB file that may be written', () => {
  let instance: DuckDBInstance
  let connection: DuckDBConnection
  const place = mkdtempSync(join(tmpdir(), 'plumbline-canary-duckdb-'))

  beforeAll(async () => {
    // No fence here: a write that the guard lets through would be one.
    instance = await DuckDBInstance.create(join(place, 'canary.db'), {
      threads: '1',
      memory_limit: '400MB',
      autoinstall_known_extensions: 'false',
    })
    connection = await instance.connect()
    await connection.run(
      `${DUCKDB_TABLES} CREATE TABLE canary AS SELECT 1 AS alive; CREATE SEQUENCE seq; SET temp_directory = ''`,
    )
  })
  afterAll(() => {
    connection.closeSync()
    instance.closeSync()
    rmSync(place, { recursive: true, force: true })
  })

  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()

  /** All that a statement could change. */
  async function state(): Promise<unknown> {
    const tables = (await rows('SELECT table_name FROM duckdb_tables() ORDER BY ALL')).flat()
    return {
      files: files(),
      tables: await Promise.all(tables.map((t) => rows(`SELECT '${t}', count(*), sum(hash(t)) FROM "${t}" AS t`))),
      objects: await rows(
        `SELECT 'view', view_name FROM duckdb_views() WHERE NOT internal
         UNION ALL SELECT 'function', function_name FROM duckdb_functions() WHERE NOT internal
         UNION ALL SELECT 'database', database_name FROM duckdb_databases()
         UNION ALL SELECT 'schema', schema_name FROM duckdb_schemas()
         UNION ALL SELECT 'secret', name FROM duckdb_secrets()
         UNION ALL SELECT 'sequence', sequence_name || ' ' || coalesce(last_value, 0) FROM duckdb_sequences()
         UNION ALL SELECT 'setting', name || '=' || value FROM duckdb_settings() ORDER BY ALL`,
      ),
    }
  }

  async function run(sql: string): Promise<boolean> {
    const tooLong = setTimeout(() => connection.interrupt(), PATIENCE_MS)
    try {
      await connection.runAndReadAll(sql)
      return true
    } catch {
      return false
    } finally {
      clearTimeout(tooLong)
    }
  }

  it('change no table, make no object, file or setting [guard.canary] [guard.read-only]', async () => {
    const before = digest(await state())
    let [ran, failed] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.array(mutantOf('duckdb', 2), { minLength: 150, maxLength: 150 }), async (texts) => {
        const statements = texts.map((sql) => allowed(sql, 'duckdb')).filter((sql) => sql !== undefined)
        for (const sql of statements) (await run(sql)) ? ran++ : failed++
        expect(digest(await state()), statements.join('\n')).toBe(before)
      }),
      { numRuns: 20 },
    )
    // Else the property would hold of nothing.
    expect(ran, `${failed} failed`).toBeGreaterThan(100)
  })

  it.each([
    'DELETE FROM canary',
    'CREATE TABLE other (a INT)',
    'CREATE MACRO m(a) AS a',
    "COPY canary TO '/tmp/out.csv'",
    "COPY canary TO 'here.csv'",
    "ATTACH ':memory:' AS other",
    "SELECT nextval('seq')",
    "SET memory_limit = '300MB'",
  ])('would be seen: %s [guard.canary]', async (sql) => {
    const before = digest(await state())
    expect(await run(intoFolder(sql))).toBe(true)
    expect(digest(await state())).not.toBe(before)
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
  })
})

describe('allowed mutants in PostgreSQL as a superuser', () => {
  let service: Awaited<ReturnType<typeof start>>
  let client: pg.Client

  beforeAll(async () => {
    service = await start()
    client = new pg.Client(service.url)
    await client.connect()
    await client.query(`${POSTGRESQL_TABLES} CREATE TABLE canary AS SELECT 1 AS alive; CREATE SEQUENCE seq`)
  })
  afterAll(async () => {
    await client?.end()
    await service?.stop()
  })

  /** What a statement left in its transaction: the id it gets with its first write or row lock, and what no rollback undoes. */
  async function traces(sql: string): Promise<{ ran: boolean; traces: unknown }> {
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${PATIENCE_MS}; SAVEPOINT before`)
    try {
      const ran = await client.query(sql).then(
        () => true,
        () => false,
      )
      if (!ran) await client.query('ROLLBACK TO SAVEPOINT before')
      const { rows } = await client.query(
        `SELECT pg_current_xact_id_if_assigned()::text AS writes, (SELECT last_value::text || is_called FROM seq) AS seq,
          (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS locks, pg_my_temp_schema()::int AS temp,
          (SELECT md5(string_agg(name || setting, ',' ORDER BY name)) FROM pg_settings) AS settings`,
      )
      return { ran, traces: { ...rows[0], files: files() } }
    } finally {
      await client.query('ROLLBACK')
    }
  }

  it('write nothing, lock nothing, leave nothing [guard.canary] [guard.read-only]', async () => {
    const { traces: none } = await traces('SELECT 1')
    expect(none).toMatchObject({ writes: null })
    let [ran, failed] = [0, 0]
    await fc.assert(
      fc.asyncProperty(mutantOf('postgresql', 2), async (text) => {
        const sql = allowed(text, 'postgresql')
        if (sql === undefined) return
        const after = await traces(sql)
        after.ran ? ran++ : failed++
        expect(after.traces, sql).toEqual(none)
      }),
      { numRuns: 3_000 },
    )
    expect(ran, `${failed} failed`).toBeGreaterThan(100)
  })

  it.each([
    'WITH gone AS (DELETE FROM canary RETURNING *) SELECT * FROM gone',
    'SELECT * INTO other FROM canary',
    'SELECT * FROM canary FOR UPDATE',
    'SELECT pg_advisory_lock(1)',
    "COPY canary TO '/tmp/out.csv'",
    "SELECT lo_from_bytea(0, 'x')",
    'CREATE TEMP TABLE x (a int)',
    "SELECT set_config('work_mem', '8MB', true)",
    "SELECT nextval('seq')",
  ])('would be seen: %s [guard.canary]', async (sql) => {
    const { traces: none } = await traces('SELECT 1')
    expect(await traces(intoFolder(sql))).not.toEqual({ ran: true, traces: none })
    await client.query('SELECT pg_advisory_unlock_all()')
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
  })
})
