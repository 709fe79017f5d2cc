import { CatalogSource } from '@plumbline/tools/contract'
import { SemanticModel } from '@plumbline/tools/semantic'
import { z } from 'zod'
import { catalogSource } from '../catalog.ts'
import { governedModel } from '../governed-model.ts'
import { defineTool } from '../tool.ts'

export const describeSource = defineTool({
  name: 'describe_source',
  title: 'Describe the source',
  description:
    'What this source holds: its tables and columns, measures, time zone, the period covered and the semantic model. Call it once, before writing a query.',
  input: z.object({}),
  output: z.object({ source: CatalogSource, model: SemanticModel.nullable() }),
  run: async (_input, context) => ({ source: await catalogSource(context), model: await governedModel(context) }),
  text: ({ source }) =>
    [
      `${source.title} (${source.dialect}, times in ${source.zone})`,
      ...source.tables.map((t) => `${t.name}: ${t.columns.map((c) => `${c.name} ${c.type}`).join(', ')}`),
      ...source.measures.map((m) => `measure ${m.name}: ${m.label}`),
    ].join('\n'),
})
