import { z } from 'zod'
import { Cell } from './column.ts'
import { ColumnLineage, ColumnRef } from './lineage.ts'

/** One filter of the query: what was asked, and the value in the data it was matched to. */
export const ReceiptFilter = z.object({
  field: z.string(),
  label: z.string(),
  operator: z.string(),
  values: z.array(Cell),
  /** The words of the question, when they differ from the value: "United" → "United Air Lines Inc.". */
  asked: z.string().optional(),
  matchedBy: z.enum(['exact', 'synonym', 'similar', 'number', 'date', 'follow-up', 'choice', 'model']).optional(),
})
export type ReceiptFilter = z.infer<typeof ReceiptFilter>

export const ReceiptStep = z.object({
  name: z.string(),
  title: z.string(),
  ms: z.number(),
  outcome: z.enum(['done', 'failed', 'skipped']).default('done'),
  detail: z.string().optional(),
  inputTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  costUsd: z.number().optional(),
})
export type ReceiptStep = z.infer<typeof ReceiptStep>

/** The proof that comes with an answer. It can be fetched again under `id`. */
export const Receipt = z.object({
  id: z.string(),
  source: z.object({ name: z.string(), title: z.string(), dialect: z.string() }),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** Where the values of each result column come from. */
  lineage: z.array(ColumnLineage).default([]),
  /** Columns that decide which rows there are and in what order. */
  influences: z.array(ColumnRef).default([]),
  /** How the SQL came to be. */
  origin: z.object({
    kind: z.enum(['verified-query', 'plan', 'model', 'person']),
    /** "I read this as: number of flights where origin is JFK, in July 2013." */
    reading: z.string(),
    confidence: z.number().min(0).max(1).optional(),
    model: z.string().optional(),
    assumptions: z.array(z.string()).default([]),
  }),
  filters: z.array(ReceiptFilter),
  policies: z.array(z.string()).default([]),
  rowCount: z.number().int(),
  truncated: z.boolean(),
  freshness: z.object({
    /** When the data was last loaded, ISO 8601. */
    loadedAt: z.string().optional(),
    /** First and last moment the data covers, ISO 8601. */
    from: z.string().optional(),
    to: z.string().optional(),
    zone: z.string().optional(),
  }),
  steps: z.array(ReceiptStep),
  cost: z.object({ usd: z.number(), inputTokens: z.number(), outputTokens: z.number() }),
  totalMs: z.number(),
  createdAt: z.string(),
})
export type Receipt = z.infer<typeof Receipt>
