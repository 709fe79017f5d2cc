import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { analyzeSql, type SqlDialect } from '@plumbline/native'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { DIALECTS } from './corpus/index.ts'
import { mutant, mutantOf } from './corpus/mutant.ts'
import { expectSameVerdict } from './corpus/same-verdict.ts'
import { formatSql } from './format-sql.ts'

const ROW_FUNCTIONS = new Set(['generate_series', 'range', 'unnest', 'json_each', 'json_tree'])

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
      fc.asyncProperty(mutantOf('duckdb'), async (sql) => {
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

  it('get a verdict in every dialect, and a printed one is its own print, laid out or not [guard.round-trip] [guard.nesting] [guard.dialects]', () => {
    const allowed = new Map<SqlDialect, number>()
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 9, arbitrary: mutant },
          fc.tuple(fc.constantFrom(...DIALECTS), fc.string({ unit: 'binary' })),
        ),
        ([dialect, sql]) => {
          const start = performance.now()
          const verdict = analyzeSql(sql, dialect)
          // A text of this length takes a tenth of a millisecond. This is no benchmark: work that is not bounded takes minutes.
          expect(performance.now() - start, sql).toBeLessThan(2_000)
          if (!verdict.allowed) {
            expect(verdict.reason).not.toBe('')
            return
          }
          allowed.set(dialect, (allowed.get(dialect) ?? 0) + 1)
          expectSameVerdict(analyzeSql(verdict.sql, dialect), verdict)
          expectSameVerdict(analyzeSql(formatSql(verdict.sql, dialect), dialect), verdict)
          expect(verdict.sql).toMatch(/^\(*(?:SELECT|WITH|VALUES|FROM)\b/)
        },
      ),
      { numRuns: 5_000 },
    )
    // Else the property would hold of nothing.
    for (const dialect of DIALECTS) expect(allowed.get(dialect), dialect).toBeGreaterThan(15)
  })
})
