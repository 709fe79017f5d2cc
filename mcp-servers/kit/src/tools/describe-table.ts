import { CatalogTable } from '@plumbline/tools/contract'
import { z } from 'zod'
import { catalogTable } from '../catalog.ts'
import { defineTool } from '../tool.ts'

export const describeTable = defineTool({
  name: 'describe_table',
  title: 'Describe a table',
  description: 'Columns of one table with types, units and descriptions.',
  input: z.object({ table: z.string().min(1).max(300) }),
  output: CatalogTable,
  run: ({ table }, context) => catalogTable(context, table),
  text: (table) =>
    [
      `${table.name}: ${table.description ?? table.title}`,
      ...table.columns.map(
        (c) => `${c.name} ${c.type}${c.unit ? ` [${c.unit}]` : ''}${c.description ? `: ${c.description}` : ''}`,
      ),
    ].join('\n'),
})
