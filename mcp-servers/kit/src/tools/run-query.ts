import { QueryResult } from '@plumbline/tools/contract'
import { z } from 'zod'
import { warehouseOf } from '../connection.ts'
import { coveredPeriod } from '../covered-period.ts'
import { guardedQuery } from '../guarded-query.ts'
import { resultLineage } from '../result-lineage.ts'
import { rowsText } from '../rows-text.ts'
import { defineTool } from '../tool.ts'

export const runQuery = defineTool({
  name: 'run_query',
  title: 'Run a query',
  description:
    'Runs one read-only SELECT and gives its rows. Anything that writes, reads files or the network, or names an unknown table is refused with the reason. The rows are cut at maxRows; `truncated` says so.',
  input: z.object({
    sql: z.string().min(1).describe('one SELECT statement in the dialect of the source'),
    maxRows: z.number().int().min(1).max(1_000_000).optional(),
    timeoutMs: z.number().int().min(1).max(3_600_000).optional(),
  }),
  output: QueryResult,
  run: async (input, context) => {
    const { query, policies, columns, rows, truncated, estimate, ms } = await guardedQuery(context, input)
    const { model } = context.connection
    const [period, loadedAt] = await Promise.all([coveredPeriod(context), warehouseOf(context).loadedAt()])
    return {
      sql: query.asked,
      columns,
      rows,
      rowCount: rows.length,
      truncated,
      ...resultLineage(query, columns),
      policies: [...policies],
      ...(estimate ? { estimate } : {}),
      freshness: { ...period, ...(loadedAt ? { loadedAt } : {}), ...(model ? { zone: model.zone } : {}) },
      ms,
    }
  },
  text: (result) => rowsText(result),
})
