import { z } from 'zod'

export const ChartAxis = z.object({ column: z.string(), label: z.string(), unit: z.string().optional() })
export type ChartAxis = z.infer<typeof ChartAxis>

const base = { title: z.string() }

/** What to draw, by column name; the page turns it into pixels. Chosen from the shape of the result (`tools/charts`). */
export const ChartSpec = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('line'),
    x: ChartAxis,
    y: z.array(ChartAxis).min(1),
    series: z.string().optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('bar'),
    x: ChartAxis,
    y: z.array(ChartAxis).min(1),
    series: z.string().optional(),
    horizontal: z.boolean(),
    /** Draw only the first rows; the title says so. */
    limit: z.number().int().optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('scatter'),
    x: ChartAxis,
    y: z.array(ChartAxis).min(1),
    series: z.string().optional(),
  }),
  z.object({ ...base, kind: z.literal('heatmap'), x: ChartAxis, y: ChartAxis, value: ChartAxis }),
  z.object({ ...base, kind: z.literal('number'), value: ChartAxis }),
])
export type ChartSpec = z.infer<typeof ChartSpec>
