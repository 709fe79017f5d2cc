import { DatabaseSync } from 'node:sqlite'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { createGate, type GateMask, type GateTable } from './index.ts'

const FLIGHTS: GateTable = {
  name: 'flights',
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'carrier', type: 'string', native: 'VARCHAR' },
    { name: 'passenger', type: 'string', native: 'VARCHAR', mask: { kind: 'partial', keepFirst: 1 } },
    { name: 'price', type: 'number', denied: true },
  ],
  filters: [{ id: 'own-carrier', sql: 'carrier IN (:principal.carriers)' }],
}
const PLAIN: GateTable = { name: 'airports', columns: [{ name: 'code', type: 'string', native: 'VARCHAR' }] }
const PRINCIPAL = { id: 'ana', roles: ['analyst'], attributes: { carriers: ['AA', "O'Hare"] } }

const gate = createGate({ dialect: 'duckdb', tables: [FLIGHTS, PLAIN], principal: PRINCIPAL })

describe('a gate', () => {
  it('tells what was asked from what runs, and which policies hold [governance.row-filters] [governance.masks]', () => {
    const query = gate.check('SELECT passenger FROM flights', 10)
    expect(query.asked).toBe('SELECT passenger FROM flights LIMIT 11')
    expect(query.sql).toContain(`WHERE (base."carrier" IN ('AA', 'O''Hare'))`)
    expect(query.applied).toEqual([{ table: 'flights', filters: ['own-carrier'], masked: ['passenger'] }])
    expect(query.tables).toEqual([{ name: 'flights', columns: ['passenger'] }])
  })

  it('leaves a query without policies as it is', () => {
    const query = gate.check('SELECT code FROM airports', 10)
    expect(query.sql).toBe(query.asked)
    expect(query.applied).toEqual([])
  })

  it('knows only the tables of the person and names only these', () => {
    expect(() => gate.check('SELECT 1 FROM flight', 10)).toThrow('Did you mean `flights`?')
    expect(() => gate.check('SELECT 1 FROM salaries', 10)).toThrow('There are `flights`, `airports`.')
    expect(() => gate.check('SELECT 1 FROM salaries', 10)).toThrow(expect.objectContaining({ code: 'TABLE_UNKNOWN' }))
  })

  it('names the policy that is wrong', () => {
    const broken = { ...FLIGHTS, filters: [{ id: 'bad-rule', sql: 'carier = 1' }] }
    const make = () => createGate({ dialect: 'duckdb', tables: [broken], principal: PRINCIPAL })
    expect(make).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }))
    expect(make).toThrow(/bad-rule.*carier/)
  })

  it('lets no row through for someone of whom nothing is known', () => {
    const unknown = createGate({ dialect: 'duckdb', tables: [FLIGHTS] })
    expect(unknown.check('SELECT id FROM flights', 10).sql).toContain('WHERE (1 = 0)')
  })

  it('makes a denied column one that does not exist, to the system too [governance.masks]', async () => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run("CREATE TABLE flights AS SELECT 1 AS id, 'AA' AS carrier, 'Ana' AS passenger, 9.5 AS price")
    const run = async (sql: string) => (await connection.runAndReadAll(gate.check(sql, 10).sql)).getRowsJson()
    await expect(run('SELECT * FROM flights')).resolves.toEqual([[1, 'AA', 'A***']])
    for (const column of ['price', 'flights.price', 'rowid', 'base.price']) {
      const message = await run(`SELECT ${column} FROM flights`).catch((error: Error) => error.message)
      expect(message).toMatch(/not found|does not have a column/)
      expect(String(message).split('LINE')[0]).not.toMatch(/price.*price|Candidate bindings:.*price/)
    }
    await expect(run('SELECT flights FROM flights')).resolves.toEqual([[{ id: 1, carrier: 'AA', passenger: 'A***' }]])
    await expect(run('SELECT main.flights.id, main.flights.* FROM main.flights')).resolves.toEqual([
      [1, 1, 'AA', 'A***'],
    ])
    await expect(run('FROM flights')).resolves.toEqual([[1, 'AA', 'A***']])
    instance.closeSync()
  })
})

describe('masks in SQLite', () => {
  const database = new DatabaseSync(':memory:')
  database.exec(
    "CREATE TABLE t (id INTEGER, name TEXT, day TEXT); INSERT INTO t VALUES (-13, 'abcdef', '2024-05-17'), (7, 'ab', NULL)",
  )
  const shown = (column: 'id' | 'name' | 'day', type: 'integer' | 'string' | 'date', mask: GateMask) => {
    const table: GateTable = {
      name: 't',
      columns: [{ name: column, type, mask }],
      filters: [{ id: 'f', sql: '1 / 1 = 1' }],
    }
    const { sql } = createGate({ dialect: 'sqlite', tables: [table] }).check(`SELECT ${column} FROM t`, 10)
    return database
      .prepare(sql)
      .all()
      .map((row) => row[column])
  }

  it('leave what they say and no more [governance.masks]', () => {
    expect(shown('id', 'integer', { kind: 'bucket', size: 10 })).toEqual([-20, 0])
    expect(shown('name', 'string', { kind: 'partial', keepFirst: 1, keepLast: 2 })).toEqual(['a***ef', '***'])
    expect(shown('name', 'string', { kind: 'hash' })).toEqual([null, null])
    expect(shown('name', 'string', { kind: 'constant', value: 'x' })).toEqual(['x', 'x'])
    const starts = {
      day: '2024-05-17',
      week: '2024-05-13',
      month: '2024-05-01',
      quarter: '2024-04-01',
      year: '2024-01-01',
    }
    for (const [unit, start] of Object.entries(starts)) {
      expect(shown('day', 'date', { kind: 'bucket', unit: unit as keyof typeof starts }), unit).toEqual([start, null])
    }
  })
})
