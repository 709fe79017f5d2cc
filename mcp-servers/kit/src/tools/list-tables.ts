import { z } from 'zod'
import { catalogTables } from '../catalog.ts'
import { defineTool } from '../tool.ts'

export const listTables = defineTool({
  name: 'list_tables',
  title: 'List tables',
  description:
    'Names and titles of the tables, optionally those whose name, title, description or columns hold a word.',
  input: z.object({
    search: z.string().max(200).optional().describe('a word to look for'),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  output: z.object({
    tables: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        description: z.string().optional(),
        rowCount: z.number().int().optional(),
      }),
    ),
    total: z.number().int(),
  }),
  run: async ({ search, limit }, context) => {
    const word = search?.toLowerCase()
    const found = (await catalogTables(context)).filter(
      ({ name, title, description = '', columns }) =>
        word === undefined ||
        [name, title, description, ...columns.map((c) => c.name)].some((text) => text.toLowerCase().includes(word)),
    )
    return { tables: found.slice(0, limit).map(({ columns: _, ...table }) => table), total: found.length }
  },
  text: ({ tables, total }) =>
    [
      `${total} tables`,
      ...tables.map((t) => `${t.name}: ${t.title}${t.rowCount === undefined ? '' : ` (${t.rowCount} rows)`}`),
    ].join('\n'),
})
