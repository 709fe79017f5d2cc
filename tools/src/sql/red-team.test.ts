import { DuckDBInstance } from '@duckdb/node-api'
import { analyzeSql } from '@plumbline/native'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../infra/services/postgres.mjs'
import { createGate, type GateOptions } from './index.ts'

/** What attacks on the gate have found, each on the real system that it deceived. */

const text = (name: string, native: string) => ({ name, type: 'string' as const, native })
const options = (dialect: 'duckdb' | 'postgresql'): GateOptions => {
  const native = dialect === 'duckdb' ? 'VARCHAR' : 'text'
  return {
    dialect,
    tables: [
      {
        name: 'staff',
        columns: [
          { name: 'id', type: 'integer' },
          text('name', native),
          { ...text('pay', native), denied: true },
          { ...text('phone', native), mask: { kind: 'null' } },
        ],
        filters: [{ id: 'own', sql: 'id < 10' }],
      },
      { name: 'plain', columns: [{ name: 'id', type: 'integer' }, text('name', native)] },
    ],
    principal: { id: 'ana', roles: [], attributes: {} },
  }
}
const SETUP = [
  'CREATE TABLE staff (id INTEGER, name TEXT, pay TEXT, phone TEXT)',
  "INSERT INTO staff VALUES (1, 'eve', 'HIDDEN pay', 'HIDDEN phone'), (50, 'HIDDEN name', 'HIDDEN', 'HIDDEN')",
  'CREATE TABLE secrets (id INTEGER, name TEXT)',
  "INSERT INTO secrets VALUES (1, 'HIDDEN secret')",
  'CREATE TABLE plain (id INTEGER, name TEXT)',
  "INSERT INTO plain VALUES (1, 'one')",
]

describe('a name inside a recursion that DuckDB takes for none', () => {
  const gate = createGate(options('duckdb'))

  it.each([
    "WITH RECURSIVE secrets AS (SELECT 1 AS id, 'x' AS name UNION ALL BY NAME SELECT * FROM secrets) SELECT * FROM secrets",
    'WITH RECURSIVE secrets AS (SELECT 1 AS id UNION BY NAME SELECT * FROM secrets) SELECT * FROM secrets',
    'WITH RECURSIVE secrets AS (SELECT 1 AS id UNION BY NAME SELECT id FROM (SELECT * FROM secrets)) SELECT 1',
  ])('is a table, and unknown: %s [governance.every-position]', (sql) => {
    expect(() => gate.check(sql, 10)).toThrow(/secrets.* is unknown/)
  })

  it('is a table, and governed [governance.every-position]', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    for (const sql of SETUP) await connection.run(sql)
    const query = gate.check(
      "WITH RECURSIVE staff AS (SELECT 0 AS id, 'x' AS name UNION ALL BY NAME SELECT * FROM staff) SELECT * FROM staff ORDER BY id",
      10,
    )
    expect(query.tables.map(({ name }) => name)).toEqual(['staff'])
    const rows = (await connection.runAndReadAll(query.sql)).getRowsJson()
    expect(rows).toEqual([
      [0, 'x', null],
      [1, 'eve', null],
    ])
    connection.closeSync()
  })
})

describe('a field of a function’s value, which PostgreSQL takes for a call', () => {
  it.each([
    "SELECT x.pg_read_file FROM unnest(array['/etc/passwd']) AS x",
    // A column of that name elsewhere.
    "SELECT x.pg_read_file FROM unnest(array['/etc/passwd']) AS x(y), unnest(array['a']) AS z(pg_read_file)",
    "SELECT x.pg_read_file FROM unnest(array['/etc/passwd']) AS x WHERE EXISTS (SELECT 1 FROM unnest(array[1]) AS x(pg_read_file))",
    // An alias of that name, whose column has another.
    "SELECT pg_read_file.pg_read_file FROM unnest(array['/etc/passwd']) AS pg_read_file(y)",
    // A column that differs in case.
    `SELECT x.pg_read_file FROM unnest(array['/etc/passwd']) AS x("PG_READ_FILE")`,
    // Names that PostgreSQL cuts to the same one.
    `SELECT ${'a'.repeat(63)}.pg_read_file FROM unnest(array['/etc/passwd']) AS ${'a'.repeat(70)}`,
  ])('is refused: %s [guard.functions]', (sql) => {
    expect(analyzeSql(sql, 'postgresql', 10).allowed).toBe(false)
  })

  it.each([
    'SELECT g.g FROM generate_series(1, 2) AS g',
    'SELECT generate_series.generate_series FROM generate_series(1, 2)',
    "SELECT x.y FROM unnest(array['a']) AS x(y), unnest(array['b']) AS z(w)",
  ])('is read where it is a column: %s [guard.legitimate]', (sql) => {
    expect(analyzeSql(sql, 'postgresql', 10)).toMatchObject({ allowed: true })
  })
})

describe('texts that end the process of DuckDB', () => {
  it.each([
    "SELECT json_structure(repeat('[', 200000) || repeat(']', 200000))",
    "SELECT json_merge_patch(repeat('{\"a\":', 200000) || '1', '{}')",
    "SELECT json_contains(repeat('[', 300000) || repeat(']', 300000), '1')",
    "SELECT from_json('[1]', repeat('[', 30000) || '\"INTEGER\"' || repeat(']', 30000))",
    "SELECT like_escape(repeat('a', 200000), repeat('%a', 200000), 'x')",
    "SELECT CAST(CAST(repeat('[', 200000) AS JSON) AS VARIANT)",
  ])('are refused: %s [guard.functions]', (sql) => {
    expect(analyzeSql(sql, 'duckdb', 10).allowed).toBe(false)
  })
})

describe('a row of PostgreSQL before a dot', () => {
  let service: Awaited<ReturnType<typeof start>>
  let client: pg.Client
  const gate = createGate(options('postgresql'))
  beforeAll(async () => {
    service = await start()
    client = new pg.Client({ connectionString: service.url })
    await client.connect()
    for (const sql of SETUP) await client.query(sql)
    // A "computed column", as several tools ask people to write them: it runs as its owner and reads what it likes.
    await client.query(
      'CREATE FUNCTION leak(plain) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT max(name) FROM secrets $$',
    )
  })
  afterAll(async () => {
    await client?.end()
    await service?.stop()
  })

  it('would call a function that is on no list', async () => {
    const { rows } = await client.query('SELECT plain.leak FROM plain')
    expect(rows).toEqual([{ leak: 'HIDDEN secret' }])
  })

  it.each([
    'SELECT plain.leak FROM plain',
    'SELECT p.leak FROM plain AS p',
    'SELECT public.plain.leak FROM public.plain',
    'SELECT p.leak FROM (SELECT * FROM plain) AS p',
    "SELECT p.leak FROM (VALUES (1, 'a'::text)) AS p",
    'WITH p AS (SELECT * FROM plain) SELECT p.leak FROM p',
    'SELECT p.id FROM plain AS p ORDER BY p.leak',
    'SELECT (SELECT p.leak) FROM plain AS p',
    'SELECT p.leak FROM plain AS p, (SELECT 1 AS leak) AS decoy',
    'SELECT p.ctid FROM plain AS p',
  ])('calls none: %s [guard.functions]', (sql) => {
    expect(() => gate.check(sql, 10)).toThrow(/no column|may be a call/)
  })

  it.each([
    'SELECT p.id, p.name FROM plain AS p JOIN staff AS s ON s.id = p.id',
    'SELECT x.n FROM (SELECT count(*) AS n FROM plain) AS x',
    'SELECT x.count FROM (SELECT count(*) FROM plain) AS x',
    'SELECT x.column1 FROM (VALUES (1)) AS x',
    'SELECT x.a FROM (VALUES (1)) AS x(a)',
    'SELECT x."?column?" FROM (SELECT 1) AS x',
    'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT r.n + 1 FROM r WHERE r.n < 3) SELECT r.n FROM r',
    'SELECT l.m FROM plain AS p, LATERAL (SELECT p.id AS m) AS l',
  ])('has its columns: %s [guard.legitimate]', async (sql) => {
    await expect(client.query(gate.check(sql, 10).sql)).resolves.toBeDefined()
  })
})
