import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { start } from '../../../../infra/services/postgres.mjs'
import type { Value } from './database.ts'
import type { StoredTable, System } from './expected.ts'

/** The names of the columns, and the rows as texts, sorted; the message when the query fails. */
export type Outcome = { columns: string[]; rows: string[] } | { failure: string }

/** A place that holds tables and runs queries over them. */
export interface Place {
  fill(tables: readonly StoredTable[]): Promise<void>
  run(sql: string): Promise<Outcome>
}

/** Two places of one system: the full data and the copy that a person may see. */
export interface Pair {
  readonly full: Place
  readonly copy: Place
  close(): Promise<void>
}

export function openPair(system: System): Promise<Pair> {
  return system === 'duckdb' ? openDuckdb() : openPostgres()
}

async function openDuckdb(): Promise<Pair> {
  const instances = await Promise.all([DuckDBInstance.create(':memory:'), DuckDBInstance.create(':memory:')])
  const places = await Promise.all(
    instances.map(async (instance): Promise<Place> => {
      const connection = await instance.connect()
      await connection.run('SET threads = 1')
      return {
        async fill(tables) {
          for (const sql of statements(tables)) await connection.run(sql)
        },
        run: (sql) =>
          outcome(async () => {
            const reader = await connection.runAndReadAll(sql)
            return { columns: reader.columnNames(), rows: reader.getRowsJson() }
          }),
      }
    }),
  )
  return pair(places, async () => {
    for (const instance of instances) instance.closeSync()
  })
}

async function openPostgres(): Promise<Pair> {
  const service = await start()
  const clients = await Promise.all(
    ['full_data', 'copy_data'].map(async (schema) => {
      const client = new pg.Client({ connectionString: service.url })
      await client.connect()
      await client.query(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}`)
      return client
    }),
  )
  const types = { getTypeParser: () => (text: string) => text }
  const places = clients.map(
    (client): Place => ({
      fill: async (tables) => void (await client.query(statements(tables).join(';'))),
      run: (sql) =>
        outcome(async () => {
          const { fields, rows } = await client.query({ text: sql, rowMode: 'array', types })
          return { columns: fields.map(({ name }) => name), rows }
        }),
    }),
  )
  return pair(places, async () => {
    await Promise.all(clients.map((client) => client.end()))
    await service.stop()
  })
}

function pair([full, copy]: readonly Place[], close: () => Promise<void>): Pair {
  if (!full || !copy) throw new Error('There are two places.')
  return { full, copy, close }
}

function statements(tables: readonly StoredTable[]): string[] {
  const names = ['t0', 't1', 't2', 't3', 'entitlements']
  return [
    ...names.map((name) => `DROP TABLE IF EXISTS ${name}`),
    ...tables.flatMap(({ name, columns, rows }) => {
      const types = columns.map((column) => `${column.name} ${column.native}`)
      const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
      const insert = values.length > 0 ? [`INSERT INTO ${name} VALUES ${values.join(', ')}`] : []
      return [`CREATE TABLE ${name} (${types.join(', ')})`, ...insert]
    }),
  ]
}

function literal(value: Value): string {
  if (value === null) return 'NULL'
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

async function outcome(read: () => Promise<{ columns: string[]; rows: unknown[][] }>): Promise<Outcome> {
  try {
    const { columns, rows } = await read()
    return { columns, rows: rows.map((row) => JSON.stringify(row.map(cell))).sort() }
  } catch (cause) {
    return { failure: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** A number in one form: a NUMERIC has a scale that says nothing. */
function cell(value: unknown): unknown {
  if (typeof value === 'number') return value.toPrecision(12)
  const isNumber = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
  return isNumber ? Number(value).toPrecision(12) : value
}
