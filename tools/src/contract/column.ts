import { z } from 'zod'

export const ColumnType = z.enum(['string', 'integer', 'number', 'boolean', 'date', 'timestamp', 'json'])
export type ColumnType = z.infer<typeof ColumnType>

/** How a number is written for people. `ratio` values are 0..1 and shown as per cent. */
export const NumberFormat = z.enum(['plain', 'integer', 'ratio', 'currency', 'year'])
export type NumberFormat = z.infer<typeof NumberFormat>

export const TimeGrain = z.enum(['hour', 'day', 'week', 'month', 'quarter', 'year'])
export type TimeGrain = z.infer<typeof TimeGrain>

/** One column of a result. `role`, `unit`, `grain` and `zone` come from the semantic model when the query was planned. */
export const Column = z.object({
  name: z.string(),
  label: z.string(),
  type: ColumnType,
  role: z.enum(['measure', 'dimension', 'time', 'key']).optional(),
  unit: z.string().optional(),
  format: NumberFormat.optional(),
  grain: TimeGrain.optional(),
  /** IANA zone in which a time is shown, such as `UTC` or `America/New_York`. */
  zone: z.string().optional(),
})
export type Column = z.infer<typeof Column>

/**
 * A value of a result. Integers beyond 2^53 and decimals that a double cannot hold come as strings; dates as
 * `YYYY-MM-DD`, timestamps as ISO 8601 with `Z`.
 */
export const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type Cell = z.infer<typeof Cell>
