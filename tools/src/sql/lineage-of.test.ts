import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { analyzeSql, type SqlDialect } from '@plumbline/native'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { QueryLineage } from '../contract/index.ts'
import { LEGITIMATE, TABLES } from './corpus/duckdb/legitimate.ts'
import { CORPUS, DIALECTS } from './corpus/index.ts'
import { lineageOf } from './index.ts'
import { GENERATED_TABLES, generatedQuery } from './testing/generated-query.ts'

/** The tables that stand in the corpora of several dialects; the columns of others are the ones that a query names. */
const CORPUS_TABLES = Object.entries({
  flights: 'id day departed dep_delay arr_delay carrier origin dest distance',
  airlines: 'carrier name',
  airlines_ids: 'id',
  staff: 'id name boss_id salary hired',
  monthly: 'region month amount',
  wide: 'region jan feb mar',
  trades: 'ts symbol price',
  quotes: 'ts symbol bid',
  lists: 'id numbers',
}).map(([name, columns]) => ({ name, columns: columns.split(' ').map((column) => ({ name: column })) }))

/** Some of what analysts write is refused; the guard's own tests say how much. */
const allowed = (queries: readonly string[], dialect: SqlDialect) =>
  queries.filter((sql) => analyzeSql(sql, dialect).allowed)

const open = async () => (await DuckDBInstance.create(':memory:')).connect()

describe('lineage of the queries of analysts', () => {
  it('has the columns that DuckDB gives, and is exact for nine of ten [lineage.columns]', async () => {
    const connection = await open()
    await connection.run(TABLES)
    const reader = await connection.runAndReadAll(
      'SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() WHERE NOT internal GROUP BY 1',
    )
    const tables = reader.getRowsJson().map(([name, columns]) => ({
      name: String(name),
      columns: (columns as string[]).map((column) => ({ name: column })),
    }))
    const inexact: string[] = []
    const legitimate = allowed(LEGITIMATE, 'duckdb')
    for (const sql of legitimate) {
      const lineage = QueryLineage.parse(lineageOf(sql, 'duckdb', tables))
      expect(lineage.unknown, sql).toEqual([])
      if (!lineage.exact) {
        inexact.push(sql)
        continue
      }
      const result = await connection.runAndReadAll(sql)
      expect(lineage.columns.length, sql).toBe(result.columnNames().length)
    }
    expect(legitimate.length).toBeGreaterThan(100)
    expect(inexact.length, inexact.join('\n')).toBeLessThanOrEqual(legitimate.length / 10)
  })

  it.each(DIALECTS)(
    'knows every column of the tables in %s, and is exact for nine of ten [lineage.columns]',
    (dialect) => {
      const legitimate = allowed(CORPUS[dialect].legitimate, dialect)
      const found = legitimate.map((sql) => lineageOf(sql, dialect, CORPUS_TABLES))
      expect(found.flatMap(({ unknown }) => unknown)).toEqual([])
      expect(found.filter(({ exact }) => !exact).length).toBeLessThanOrEqual(legitimate.length / 10)
    },
  )

  it('says what a misspelt column was probably meant to be [lineage.columns]', () => {
    const tables = [{ name: 'orders', columns: [{ name: 'id' }, { name: 'revenue' }] }]
    const { unknown, exact, columns } = lineageOf('SELECT o.revnue FROM orders o', 'postgresql', tables)
    expect(unknown).toEqual([{ name: 'o.revnue', nearest: 'revenue', within: 'o' }])
    // It may be made of every column there.
    expect([exact, columns[0]?.from.length]).toEqual([false, 2])
    expect(() => lineageOf('DROP TABLE orders', 'postgresql', tables)).toThrow(/only SELECT/i)
  })
})

/** A table's rows as `VALUES`, with each value of `changed` moved on. */
function fill(table: keyof typeof GENERATED_TABLES, seed: readonly number[], changed?: string): string {
  const columns = GENERATED_TABLES[table]
  const rows = Array.from({ length: 6 }, (_, row) =>
    columns.map((column, place) => {
      const value = seed[(row * columns.length + place) % seed.length] ?? 0
      const shown = column === changed ? (value * 7 + row + 3) % 5 : value % 4
      return shown === 3 ? 'NULL' : String(shown)
    }),
  )
  const types = columns.map((column) => `${column} INTEGER`).join(', ')
  return `CREATE OR REPLACE TABLE ${table} (${types}); INSERT INTO ${table} VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`
}

describe('lineage of generated queries', () => {
  const tables = Object.entries(GENERATED_TABLES).map(([name, columns]) => ({
    name,
    columns: columns.map((column) => ({ name: column })),
  }))
  const places = tables.flatMap(({ name, columns }) => columns.map((column) => ({ table: name, column: column.name })))
  let connection: DuckDBConnection

  beforeAll(async () => {
    connection = await open()
  })

  /** Each column of the result as the bag of its values. */
  async function bags(sql: string): Promise<{ names: string[]; bags: string[][] }> {
    const reader = await connection.runAndReadAll(sql)
    const rows = reader.getRowsJson()
    const names = reader.columnNames()
    return { names, bags: names.map((_, place) => rows.map((row) => JSON.stringify(row[place])).sort()) }
  }

  it('leaves out only columns whose values do not matter, and names columns as DuckDB does [lineage.columns]', async () => {
    let held = 0
    let moved = 0
    const property = fc.asyncProperty(
      fc.array(fc.nat(1000), { minLength: 12, maxLength: 60 }),
      fc.array(fc.nat(1000), { minLength: 24, maxLength: 24 }),
      fc.constantFrom(...places),
      async (numbers, seed, place) => {
        const sql = generatedQuery(numbers)
        const lineage = lineageOf(sql, 'duckdb', tables)
        const isPlace = (of: { table: string; column: string }) =>
          of.table === place.table && of.column === place.column
        for (const table of ['t', 'u'] as const) await connection.run(fill(table, seed))
        const before = await bags(sql)
        expect(lineage.columns.map(({ column }) => column)).toEqual(before.names)
        expect(lineage).toMatchObject({ exact: true, unknown: [] })
        const used = lineage.tables.find(({ name }) => name === place.table)?.columns.includes(place.column) ?? false
        if (lineage.influences.some(isPlace)) {
          expect(used).toBe(true)
          return
        }
        await connection.run(fill(place.table as 't' | 'u', seed, place.column))
        const after = await bags(sql)
        lineage.columns.forEach(({ from }, k) => {
          const same = JSON.stringify(before.bags[k]) === JSON.stringify(after.bags[k])
          if (!from.some(isPlace)) {
            held++
            expect(same, `column ${k} of ${sql} changed with ${place.table}.${place.column}`).toBe(true)
          } else {
            expect(used).toBe(true)
            if (!same) moved++
          }
        })
      },
    )
    await fc.assert(property, { numRuns: 400 })
    // Else the property would hold of nothing.
    expect(held).toBeGreaterThan(200)
    expect(moved).toBeGreaterThan(20)
  })
})
