import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { analyzeSql, type SqlDialect } from '@plumbline/native'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE } from './corpus/hostile.ts'
import { LEGITIMATE } from './corpus/legitimate.ts'
import { formatSql } from './format-sql.ts'

const DIALECTS: readonly SqlDialect[] = ['duckdb', 'postgresql', 'snowflake', 'databricks', 'mysql', 'sqlite']
const TEXTS = [...LEGITIMATE, ...HOSTILE.map(([, sql]) => sql).filter((sql) => sql.length < 1_000)]
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\s+|[\s\S]/g
const WORDS = [...new Set(TEXTS.flatMap((sql) => sql.match(TOKEN) ?? []))]
const ROW_FUNCTIONS = new Set(['generate_series', 'range', 'unnest', 'json_each', 'json_tree'])

/** A statement of the corpora with some of its words removed, doubled, or replaced by words of others. */
const mutant = fc
  .tuple(
    fc.constantFrom(...TEXTS),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('drop', 'insert', 'replace'),
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
          fc.constantFrom(';', '; DELETE FROM flights; ', '`', '--', '\\', "'"),
        ),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([sql, edits]) => {
    const tokens: string[] = sql.match(TOKEN) ?? []
    for (const [at, kind, word] of edits)
      tokens.splice(at % (tokens.length + 1), kind === 'insert' ? 0 : 1, ...(kind === 'drop' ? [] : [word]))
    return tokens.join('')
  })

/** DuckDB's own parse of a text, without running it. */
let parse: (sql: string) => Promise<{ error: boolean; error_type?: string; statements?: unknown[] }>

beforeAll(async () => {
  const connection: DuckDBConnection = await (await DuckDBInstance.create(':memory:')).connect()
  parse = async (sql) => {
    const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql])
    return JSON.parse(String(reader.getRows()[0]?.[0]))
  }
})

/** Every object of a tree. */
function* nodes(tree: unknown): Generator<Record<string, unknown>> {
  if (typeof tree !== 'object' || tree === null) return
  if (!Array.isArray(tree)) yield tree as Record<string, unknown>
  for (const child of Object.values(tree)) yield* nodes(child)
}

describe('mutated statements', () => {
  it('are one SELECT to DuckDB, of the tables that the verdict names [guard.read-only] [guard.functions]', async () => {
    let allowed = 0
    await fc.assert(
      fc.asyncProperty(mutant, async (sql) => {
        const verdict = analyzeSql(sql, 'duckdb', 100)
        if (!verdict.allowed) return
        const parsed = await parse(verdict.sql)
        // What DuckDB can not read it can not run either.
        if (parsed.error && parsed.error_type === 'parser') return
        allowed++
        expect(parsed.error, `${verdict.sql} ${JSON.stringify(parsed)}`).toBe(false)
        expect(parsed.statements).toHaveLength(1)
        const all = [...nodes(parsed.statements)]
        const named = all.flatMap((node) =>
          Array.isArray(node.map) ? node.map.map((entry) => (entry as { key: string }).key) : [],
        )
        const known = new Set(
          [...named, ...verdict.tables.map((table) => table.name)].map((name) => String(name).toLowerCase()),
        )
        for (const node of all) {
          if (node.type === 'BASE_TABLE') expect(known).toContain(String(node.table_name).toLowerCase())
          if (node.type === 'TABLE_FUNCTION')
            expect(ROW_FUNCTIONS).toContain((node.function as { function_name: string }).function_name)
        }
      }),
      { numRuns: 3_000 },
    )
    // Else the property would hold of nothing.
    expect(allowed).toBeGreaterThan(60)
  })

  it('get a verdict in every dialect, and a printed one is its own print, laid out or not [guard.round-trip] [guard.nesting]', () => {
    fc.assert(
      fc.property(fc.oneof(mutant, fc.string({ unit: 'binary' })), fc.constantFrom(...DIALECTS), (sql, dialect) => {
        const verdict = analyzeSql(sql, dialect)
        if (!verdict.allowed) {
          expect(verdict.reason).not.toBe('')
          return
        }
        expect(analyzeSql(verdict.sql, dialect)).toEqual(verdict)
        expect(analyzeSql(formatSql(verdict.sql, dialect), dialect)).toEqual(verdict)
        expect(verdict.sql).toMatch(/^\(*(?:SELECT|WITH|VALUES|FROM)\b/)
      }),
      { numRuns: 5_000 },
    )
  })
})
