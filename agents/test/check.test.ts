import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const BIN = fileURLToPath(new URL('../bin/plumbline.mjs', import.meta.url))
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-check-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function start(args: string[]) {
  const child = spawn(process.execPath, [BIN, 'check', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out, err })),
  )
  return { child, ended }
}

async function check(args: string[], input = '') {
  const { child, ended } = start(args)
  child.stdin.end(input)
  const { code, out, err } = await ended
  const lines = out.split('\n').filter(Boolean)
  return { code, err, out, results: () => lines.map((line) => JSON.parse(line)) }
}

const jsonl = (...lines: unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

describe('plumbline check, in its own process', () => {
  it('judges statements alone, a line each, in the order of the input [cli.check]', async () => {
    const input = jsonl(
      { id: 'q1', dialect: 'duckdb', sql: 'select carrier, avg(dep_delay) d from flights group by all' },
      { id: 2, dialect: 'snowflake', sql: 'DELETE FROM t' },
      { id: 'q3', dialect: 'spark', sql: 'SELECT a FROM c.s.t LATERAL VIEW explode(b) e AS x' },
      { id: 'q4', dialect: 'postgres', sql: "SELECT pg_read_file('/etc/passwd')" },
    )
    const { code, err, results } = await check(['--workers', '2', '--jsonl'], input)
    expect([code, err]).toEqual([0, ''])
    expect(results()).toEqual([
      {
        id: 'q1',
        allowed: true,
        code: null,
        reason: null,
        sql: 'SELECT carrier, avg(dep_delay) AS d FROM flights GROUP BY ALL',
        tables: ['flights'],
        columns: ['flights.carrier', 'flights.dep_delay'],
        lineage: [
          { column: 'carrier', from: [{ table: 'flights', column: 'carrier' }], exact: true },
          { column: 'd', from: [{ table: 'flights', column: 'dep_delay' }], exact: true },
        ],
      },
      expect.objectContaining({ id: 2, allowed: false, code: 'SQL_NOT_READ_ONLY', sql: null, tables: [] }),
      expect.objectContaining({ id: 'q3', allowed: true, tables: ['c.s.t'] }),
      expect.objectContaining({ id: 'q4', allowed: false, code: 'SQL_FUNCTION_NOT_ALLOWED' }),
    ])
  })

  it('answers a line that is no statement with a line [cli.check]', async () => {
    const input = `not json\n\n[1]\n{"id":"a"}\n{"id":"b","sql":"SELECT 1"}\n{"id":"c","sql":"SELECT 1","dialect":"oracle"}\n"x"`
    const { code, results } = await check([], input)
    expect(code).toBe(0)
    expect(results().map(({ id, code }) => [id, code])).toEqual([
      [null, 'INPUT_INVALID'],
      [null, 'INPUT_INVALID'],
      ['a', 'INPUT_INVALID'],
      ['b', 'INPUT_INVALID'],
      ['c', 'INPUT_INVALID'],
      [null, 'INPUT_INVALID'],
    ])
    expect(results()[4].reason).toContain('duckdb')
  })

  it('reads files, fails on a refusal when told to, and prints for people [cli.check]', async () => {
    const good = join(folder, 'good.jsonl')
    const bad = join(folder, 'bad.jsonl')
    await writeFile(good, '{"id":"good","sql":"SELECT a FROM t"}')
    await writeFile(bad, jsonl({ id: 'bad', sql: 'DROP TABLE t' }))
    const options = ['--dialect', 'duckdb', '--fail-on-refusal']
    expect((await check([...options, good])).code).toBe(0)
    const both = await check([...options, good, bad, '--pretty'])
    expect(both.code).toBe(1)
    expect(both.out).toBe('✓ good\n✗ bad  SQL_NOT_READ_ONLY\n  DROP is not a query. Only SELECT may run here.\n')
    expect(both.err).toBe('1 allowed, 1 refused\n')
  })

  it.each([
    [['nowhere.jsonl'], 'nowhere.jsonl can not be read. Is the path right?\n'],
    [['--schema', 'nowhere.yaml'], 'nowhere.yaml can not be read. Is the path right?\n'],
    [['--policies', 'nowhere.yaml'], '--policies needs --schema'],
    [['--workers', '0'], '--workers is a number from 1 to 64.\n'],
    [['--dialect', 'oracle'], '--dialect: expected one of duckdb'],
  ])('says in one line what is wrong with %j [cli.check]', async (args, message) => {
    const { code, err, out } = await check(args)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(message)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it('answers while the input is open, and ends with Ctrl-C [cli.check]', async () => {
    const { child, ended } = start(['--dialect', 'mysql'])
    child.stdin.write(jsonl({ id: 1, sql: 'SELECT a FROM t' }))
    const first = await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))))
    expect(JSON.parse(String(first))).toMatchObject({ id: 1, allowed: true })
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
  })
})
