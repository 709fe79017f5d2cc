import { UsageOfPeople, UsageReport } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Assistant } from '../../assistant/assistant.ts'
import { usageReport } from '../../assistant/usage-report.ts'
import type { State } from '../../state/index.ts'
import { failures } from '../error-reply.ts'

const tags = ['usage']
const querystring = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) })

export interface UsageOptions {
  readonly state: Pick<State, 'usage'>
  readonly assistant: Pick<Assistant, 'dayLimits'>
}

/** What people use of models and sources, by day (UTC). */
export const usageRoutes: FastifyPluginAsyncZod<UsageOptions> = async (app, { state, assistant }) => {
  app.get(
    '/usage',
    {
      config: { permission: 'ask', scope: 'read' },
      schema: {
        tags,
        summary: 'What you have used, and what is left of today',
        querystring,
        response: { 200: UsageReport, ...failures },
      },
    },
    async ({ principal, query: { days } }) =>
      usageReport(state.usage, principal.id, await assistant.dayLimits(principal), days),
  )

  app.get(
    '/usage/people',
    {
      config: { permission: 'users.manage', scope: 'admin' },
      schema: { tags, summary: 'What everybody has used', querystring, response: { 200: UsageOfPeople, ...failures } },
    },
    ({ query: { days } }) => state.usage.people(days),
  )
}
