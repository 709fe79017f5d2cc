import type { Tool } from '../tool.ts'
import { describeSource } from './describe-source.ts'
import { describeTable } from './describe-table.ts'
import { explainQuery } from './explain-query.ts'
import { listTables } from './list-tables.ts'
import { listValues } from './list-values.ts'
import { runQuery } from './run-query.ts'

/** The tools that every warehouse server has. */
export const WAREHOUSE_TOOLS: readonly Tool[] = [
  describeSource,
  listTables,
  describeTable,
  listValues,
  explainQuery,
  runQuery,
]
