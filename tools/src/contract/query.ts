import { z } from 'zod'
import { Cell, ColumnType } from './column.ts'
import { Estimate } from './estimate.ts'
import { ColumnLineage, ColumnRef } from './lineage.ts'

/** What the tool `run_query` of every server answers (`structuredContent`). */
export const QueryResult = z.object({
  /** The SQL that ran: printed from the checked tree, never the input text. */
  sql: z.string(),
  columns: z.array(z.object({ name: z.string(), type: ColumnType })),
  rows: z.array(z.array(Cell)),
  rowCount: z.number().int(),
  truncated: z.boolean(),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  lineage: z.array(ColumnLineage).default([]),
  influences: z.array(ColumnRef).default([]),
  policies: z.array(z.string()).default([]),
  /** What the system said beforehand, where a budget made one ask. */
  estimate: Estimate.optional(),
  freshness: z.object({
    loadedAt: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    zone: z.string().optional(),
  }),
  ms: z.number(),
})
export type QueryResult = z.infer<typeof QueryResult>

/** `list_values`: the distinct values of one column, most frequent first. */
export const ValueList = z.object({
  table: z.string(),
  column: z.string(),
  values: z.array(z.object({ value: Cell, count: z.number().int() })),
  truncated: z.boolean(),
})
export type ValueList = z.infer<typeof ValueList>
