import { z } from 'zod'

/** A column of a table. `table` is written as the catalog of the source writes it. */
export const ColumnRef = z.object({ table: z.string(), column: z.string() })
export type ColumnRef = z.infer<typeof ColumnRef>

/** Which columns of tables the values of one result column are made of. None for a constant and for `count(*)`. */
export const ColumnLineage = z.object({
  column: z.string(),
  from: z.array(ColumnRef),
  /** False where the query could not be followed whole: then `from` holds every column that may feed it. */
  exact: z.boolean().default(true),
})
export type ColumnLineage = z.infer<typeof ColumnLineage>

/** A name in a query that stands for no column there. */
export const UnknownColumn = z.object({
  /** As written: `o.revnue`. */
  name: z.string(),
  /** The nearest name that is known there. */
  nearest: z.string().nullable(),
  /** The table, or alias, in which it was looked for; null for all of them. */
  within: z.string().nullable(),
})
export type UnknownColumn = z.infer<typeof UnknownColumn>

/** The lineage of one query: of its text as asked, before row filters and masks are written in. */
export const QueryLineage = z.object({
  /** In the order of the result. */
  columns: z.array(ColumnLineage),
  /** Columns that decide which rows there are and how they are grouped, joined and ordered. */
  influences: z.array(ColumnRef),
  /** Every table that is read, with exactly those of its columns that are used. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  unknown: z.array(UnknownColumn).default([]),
  exact: z.boolean(),
})
export type QueryLineage = z.infer<typeof QueryLineage>

const node = { id: z.string(), label: z.string() }

/** From left to right: table, column, query, result column, answer. */
export const LineageNode = z.discriminatedUnion('kind', [
  z.object({ ...node, kind: z.literal('table'), source: z.string() }),
  /** `table` is the id of its table node. */
  z.object({ ...node, kind: z.literal('column'), table: z.string() }),
  z.object({ ...node, kind: z.literal('query'), source: z.string(), sql: z.string() }),
  z.object({ ...node, kind: z.literal('result'), exact: z.boolean() }),
  z.object({ ...node, kind: z.literal('answer'), threadId: z.string() }),
])
export type LineageNode = z.infer<typeof LineageNode>

export const LineageEdge = z.object({
  from: z.string(),
  to: z.string(),
  /**
   * `holds`: table → column; `feeds`: column → result, its values are in it; `influences`: column → query, it decides about
   * rows; `reads`: table → query, no column of it is needed (`count(*)`); `gives`: query → result; `shows`: result → answer.
   */
  kind: z.enum(['holds', 'feeds', 'influences', 'reads', 'gives', 'shows']),
})
export type LineageEdge = z.infer<typeof LineageEdge>

/** GET /api/lineage?answer=… */
export const LineageGraph = z.object({ nodes: z.array(LineageNode), edges: z.array(LineageEdge) })
export type LineageGraph = z.infer<typeof LineageGraph>

/** Something saved that uses a table or a column. */
export const ImpactedItem = z.object({
  kind: z.enum(['answer', 'verified-query', 'dashboard']),
  /** Of an answer or a dashboard its id; of a verified query its question. */
  id: z.string(),
  title: z.string(),
  threadId: z.string().optional(),
  /** The id of the principal it belongs to; null for what belongs to the installation. */
  owner: z.string().nullable(),
  /** Whether it goes into values that are shown, only decides about rows, or (a whole table) is only read. */
  use: z.enum(['feeds', 'influences', 'reads']),
  /** The result columns that it feeds. */
  columns: z.array(z.string()),
  /** False where the query could not be followed whole: it may not use the column after all. */
  exact: z.boolean(),
  createdAt: z.string().optional(),
})
export type ImpactedItem = z.infer<typeof ImpactedItem>

/** GET /api/lineage/impact?source=&table=&column= : what breaks when it goes. Newest answers first, at most 500. */
export const ImpactReport = z.object({
  source: z.string(),
  table: z.string(),
  /** Null when the whole table is meant. */
  column: z.string().nullable(),
  items: z.array(ImpactedItem),
  /** Whether there are more than these. */
  truncated: z.boolean(),
  /** `own`: of saved answers only the viewer's own were looked at; `all`: everybody's (permission `lineage.read`). */
  scope: z.enum(['own', 'all']),
})
export type ImpactReport = z.infer<typeof ImpactReport>
