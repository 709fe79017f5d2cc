import { z } from 'zod'
import { guardedExplain } from '../guarded-query.ts'
import { defineTool } from '../tool.ts'

export const explainQuery = defineTool({
  name: 'explain_query',
  title: 'Explain a query',
  description: 'Checks a query without running it: the same refusals as run_query, and the plan of the database.',
  input: z.object({ sql: z.string().min(1) }),
  output: z.object({ sql: z.string(), plan: z.string() }),
  run: async (input, context) => {
    const { query, plan } = await guardedExplain(context, input)
    return { sql: query.asked, plan }
  },
  text: ({ plan }) => plan,
})
