import type { WarehouseRows, WarehouseTable } from '@plumbline/mcp-kit'
import type { ColumnType } from '@plumbline/tools/contract'
import { duckdbEstimate, noEstimate, type PlanEstimate } from '@plumbline/tools/governance'
import type { ReadOnlyQuery } from '@plumbline/tools/sql'

/** Bytes of a value in a vector of DuckDB; texts and nested values are as long as the data makes them. */
const BYTES: Record<ColumnType, number> = {
  boolean: 1,
  integer: 8,
  number: 8,
  date: 4,
  timestamp: 8,
  string: 24,
  json: 64,
}

/** What DuckDB's planner expects of a query, beside what the catalog knows for sure. */
export async function estimate(
  query: ReadOnlyQuery,
  tables: readonly WarehouseTable[],
  run: (sql: string) => Promise<WarehouseRows>,
): Promise<PlanEstimate> {
  const { rows } = await run(`EXPLAIN (FORMAT json) ${query.sql}`)
  const plan = rows[0]?.at(-1)
  if (typeof plan !== 'string') return noEstimate('the engine gave no plan')
  const known = new Map(tables.map((table) => [table.name.toLowerCase(), table]))
  const find = (table: string) => known.get(table.toLowerCase())
  return duckdbEstimate(plan, {
    rowsOf: (table) => find(table)?.rowCount ?? null,
    columnsOf: (table) => find(table)?.columns.map(({ name }) => name) ?? [],
    bytesOf: (table, column) => BYTES[find(table)?.columns.find(({ name }) => name === column)?.type ?? 'string'],
    functions: query.functions.map((name) => name.toLowerCase()),
    // The word may stand in a text; then the estimate is too high, which is the safe side.
    resultRows: /\boffset\b/i.test(query.sql) ? Number.POSITIVE_INFINITY : query.maxRows + 1,
  })
}
