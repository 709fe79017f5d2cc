import { ImpactReport, LineageGraph } from '@plumbline/tools/contract'
import { answerGraph } from '@plumbline/tools/lineage'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Assistant } from '../../assistant/assistant.ts'
import { impactReport, mayKnow } from '../../assistant/impact-report.ts'
import type { Identity } from '../../identity/index.ts'
import type { State } from '../../state/index.ts'
import { failures } from '../error-reply.ts'

const tags = ['lineage']
const config = { scope: 'read', permission: 'ask' } as const
const Name = z.string().min(1).max(300)

export interface LineageRouteOptions {
  readonly state: Pick<State, 'lineage'>
  readonly assistant: Pick<Assistant, 'catalog' | 'verifiedLineage'>
  readonly identity: Pick<Identity, 'permissionsOf'>
}

export const lineageRoutes: FastifyPluginAsyncZod<LineageRouteOptions> = async (
  app,
  { state, assistant, identity },
) => {
  const readsAll = (principal: Parameters<Identity['permissionsOf']>[0]) =>
    identity.permissionsOf(principal).has('lineage.read')

  app.get(
    '/lineage',
    {
      config,
      schema: {
        tags,
        summary: 'Where the values of an answer come from',
        description:
          'As a graph from tables to the answer. Of answers of other people only with the permission `lineage.read`; tables and ' +
          'columns that one may not see are left out.',
        querystring: z.object({ answer: z.string().min(1).max(100) }),
        response: { 200: LineageGraph, ...failures },
      },
    },
    async ({ principal, query }) => {
      const traced = await state.lineage.of(query.answer, { principalId: principal.id, all: readsAll(principal) })
      return answerGraph(traced, mayKnow(await assistant.catalog(principal), traced.source))
    },
  )

  app.get(
    '/lineage/impact',
    {
      config,
      schema: {
        tags,
        summary: 'What uses a table or a column',
        description:
          'Verified queries and saved answers that break if it goes. Of answers one’s own; everybody’s with the permission `lineage.read`.',
        querystring: z.object({ source: Name, table: Name, column: Name.optional() }),
        response: { 200: ImpactReport, ...failures },
      },
    },
    ({ principal, query: { source, table, column = null } }) =>
      impactReport(
        { lineage: state.lineage, assistant },
        { source, table, column },
        { principal, all: readsAll(principal) },
      ),
  )
}
