import { ValueList } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { quoteIdentifier, quoteLiteral } from '@plumbline/tools/sql'
import { z } from 'zod'
import { catalogTable } from '../catalog.ts'
import { guardedQuery } from '../guarded-query.ts'
import { rowsText } from '../rows-text.ts'
import { defineTool } from '../tool.ts'

export const listValues = defineTool({
  name: 'list_values',
  title: 'List values',
  description:
    'Distinct values of one column, most frequent first, optionally those that hold a text. Use it to find how a name is written in the data.',
  input: z.object({
    table: z.string().min(1).max(300),
    column: z.string().min(1).max(300),
    search: z.string().min(1).max(200).optional(),
    limit: z.number().int().min(1).max(10_000).default(100),
  }),
  output: ValueList,
  run: async ({ table: asked, column: wanted, search, limit }, context) => {
    const { dialect } = context.connection.definition
    const table = await catalogTable(context, asked)
    const column = table.columns.find((c) => c.name.toLowerCase() === wanted.toLowerCase())
    if (!column) {
      const known = table.columns.slice(0, 30).map((c) => `\`${c.name}\``)
      throw new AppError(
        'COLUMN_UNKNOWN',
        `Column \`${wanted.slice(0, 80)}\` is not in \`${table.name}\`. There are ${known.join(', ')}.`,
      )
    }
    const name = quoteIdentifier(column.name, dialect)
    const pattern =
      search === undefined ? '' : quoteLiteral(`%${search.toLowerCase().replace(/[!%_]/g, '!$&')}%`, dialect)
    const holds = search === undefined ? '' : ` AND lower(CAST(${name} AS VARCHAR(1000))) LIKE ${pattern} ESCAPE '!'`
    const sql = `SELECT ${name} AS value, count(*) AS count FROM ${quoteIdentifier(table.name, dialect)} WHERE ${name} IS NOT NULL${holds} GROUP BY ${name} ORDER BY count(*) DESC, ${name}`
    const { rows, truncated } = await guardedQuery(context, { sql, maxRows: limit }, 'list-values')
    return {
      table: table.name,
      column: column.name,
      values: rows.map(([value, count]) => ({ value: value ?? null, count: Number(count) })),
      truncated,
    }
  },
  text: ({ values, truncated }) =>
    rowsText({
      columns: [
        { name: 'value', type: 'string' },
        { name: 'count', type: 'integer' },
      ],
      rows: values.map(({ value, count }) => [value, count]),
      rowCount: values.length,
      truncated,
    }),
})
