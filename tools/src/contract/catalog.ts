import { z } from 'zod'
import { ColumnType } from './column.ts'

export const CatalogColumn = z.object({
  name: z.string(),
  type: ColumnType,
  description: z.string().optional(),
  unit: z.string().optional(),
  /** The person sees a mask in place of the values. */
  masked: z.boolean().optional(),
})
export type CatalogColumn = z.infer<typeof CatalogColumn>

export const CatalogTable = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  rowCount: z.number().int().optional(),
  columns: z.array(CatalogColumn),
})
export type CatalogTable = z.infer<typeof CatalogTable>

export const CatalogSource = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  dialect: z.string(),
  zone: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  loadedAt: z.string().optional(),
  tables: z.array(CatalogTable),
  measures: z.array(
    z.object({ name: z.string(), label: z.string(), description: z.string().optional(), unit: z.string().optional() }),
  ),
  suggestions: z.array(z.string()),
})
export type CatalogSource = z.infer<typeof CatalogSource>

/** GET /api/catalog */
export const Catalog = z.object({ sources: z.array(CatalogSource) })
export type Catalog = z.infer<typeof Catalog>
