import { describe, expect, it } from 'vitest'
import { AppError } from '../errors/index.ts'
import { nearestName } from './nearest-name.ts'
import { proveReadOnly } from './prove-read-only.ts'

const tables = new Set(['flights', 'airlines', 'sales.orders'])
const prove = (sql: string) => proveReadOnly(sql, { dialect: 'duckdb', maxRows: 100, tables })

function refusal(sql: string): AppError {
  try {
    prove(sql)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`not refused: ${sql}`)
}

describe('proveReadOnly', () => {
  it('carries what the query reads, and the printed SQL [guard.read-only] [guard.round-trip]', () => {
    expect(prove('select  carrier, count(*) n from flights f group by carrier -- all')).toEqual({
      sql: 'SELECT carrier, count(*) AS n FROM flights f GROUP BY carrier LIMIT 101',
      dialect: 'duckdb',
      tables: [{ name: 'flights', alias: 'f' }],
      columns: ['carrier'],
      functions: ['count'],
      maxRows: 100,
    })
  })

  it('names the refused part and the rule [guard.read-only] [guard.functions] [guard.nesting]', () => {
    const codes = {
      'SELECT FROM': 'QUERY_INVALID',
      'DELETE FROM flights': 'QUERY_NOT_READ_ONLY',
      "SELECT getenv('X')": 'FUNCTION_NOT_ALLOWED',
      "SELECT * FROM 'x.csv'": 'QUERY_NOT_READ_ONLY',
      [`SELECT ${'('.repeat(500)}1${')'.repeat(500)}`]: 'QUERY_TOO_COMPLEX',
    }
    for (const [sql, code] of Object.entries(codes)) expect(refusal(sql).code, sql).toBe(code)
    expect(refusal("SELECT getenv('X')").data).toEqual({ part: 'getenv', guardCode: 'SQL_FUNCTION_NOT_ALLOWED' })
  })

  it('says which table was probably meant', () => {
    expect(refusal('SELECT * FROM flight')).toMatchObject({
      code: 'TABLE_UNKNOWN',
      message: 'Table `flight` is unknown; did you mean `flights`?',
      data: { part: 'flight' },
    })
    expect(refusal('SELECT * FROM zzzzzzzzzz').message).toContain('there are `flights`, `airlines`')
  })

  it('knows a table only in its own schema', () => {
    expect(prove('SELECT 1 FROM main.flights').tables).toEqual([{ schema: 'main', name: 'flights' }])
    expect(prove('SELECT 1 FROM Sales.Orders').tables).toHaveLength(1)
    for (const sql of ['SELECT 1 FROM hidden.flights', 'SELECT 1 FROM orders', 'SELECT 1 FROM other.main.flights'])
      expect(refusal(sql).code, sql).toBe('TABLE_UNKNOWN')
  })

  it('does not take a table for a common table expression of another place [guard.read-only]', () => {
    expect(prove('WITH x AS (SELECT * FROM flights) SELECT * FROM x').tables).toHaveLength(1)
    const hiding = [
      'SELECT * FROM (WITH secret AS (SELECT 1) SELECT * FROM secret) a, secret',
      'WITH secret AS (SELECT * FROM secret) SELECT * FROM secret',
      'WITH a AS (SELECT * FROM secret), secret AS (SELECT 1) SELECT * FROM a',
      // DuckDB reads the table in both: only the arm behind the UNION is recursive.
      'WITH RECURSIVE secret AS (SELECT * FROM secret) SELECT * FROM secret',
      'WITH RECURSIVE secret AS (SELECT * FROM secret UNION ALL SELECT 1) SELECT * FROM secret',
      'SELECT * FROM main.secret, (WITH secret AS (SELECT 1) SELECT 1)',
      'WITH secret AS (SELECT 1) SELECT * FROM main.secret',
    ]
    for (const sql of hiding) expect(refusal(sql).code, sql).toBe('TABLE_UNKNOWN')
    const quoted = 'WITH "Secret" AS (SELECT 1) SELECT * FROM secret'
    expect(() => proveReadOnly(quoted, { dialect: 'postgresql', maxRows: 1, tables })).toThrow('`secret` is unknown')
  })
})

describe('nearestName', () => {
  it('finds a slip of the finger and nothing far away', () => {
    const names = ['flights', 'airlines', 'airports']
    expect(nearestName('flihgts', names)).toBe('flights')
    expect(nearestName('Airport', names)).toBe('airports')
    expect(nearestName('customers', names)).toBeNull()
  })
})
