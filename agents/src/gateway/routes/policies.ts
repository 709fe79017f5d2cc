import {
  DryRun,
  DryRunRequest,
  Policies,
  PolicyCheck,
  PolicyCheckRequest,
  PolicyRestore,
  PolicySave,
  PolicyText,
} from '@plumbline/tools/contract'
import { parsePolicies } from '@plumbline/tools/governance'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Assistant } from '../../assistant/assistant.ts'
import type { Identity } from '../../identity/index.ts'
import type { AuditLog, PolicyStore } from '../../state/index.ts'
import { askedBy } from '../asked-by.ts'
import { checkPolicyText } from '../check-policy-text.ts'
import { failures } from '../error-reply.ts'
import { surfaceOf } from '../surface-of.ts'

const tags = ['policies']
const reading = { scope: 'admin', permission: 'policies.read' } as const
const editing = { scope: 'admin', permission: 'policies.edit' } as const

export interface PolicyRouteOptions {
  readonly policies: PolicyStore
  readonly audit: AuditLog
  readonly identity: Pick<Identity, 'permissionsOf'>
  readonly assistant: Pick<Assistant, 'dryRun'>
}

export const policyRoutes: FastifyPluginAsyncZod<PolicyRouteOptions> = async (
  app,
  { policies, audit, identity, assistant },
) => {
  app.get(
    '/policies',
    {
      config: reading,
      schema: { tags, summary: 'The rules in force, and their versions', response: { 200: Policies, ...failures } },
    },
    async ({ principal }) => ({
      current: await policies.current(),
      versions: await policies.list(),
      origin: policies.origin,
      editable: policies.origin.kind === 'store' && identity.permissionsOf(principal).has('policies.edit'),
    }),
  )

  app.get(
    '/policies/:version',
    {
      config: reading,
      schema: {
        tags,
        summary: 'One version of the rules',
        params: z.object({
          version: z.coerce
            .number()
            .int()
            .nonnegative()
            .max(2 ** 31 - 1),
        }),
        response: { 200: PolicyText, ...failures },
      },
    },
    ({ params: { version } }) => policies.get(version),
  )

  app.put(
    '/policies',
    {
      config: editing,
      schema: {
        tags,
        summary: 'Save the rules as a new version, in force at once',
        description:
          'POLICY_INVALID lists all faults with line and column; CONFLICT when `expectedVersion` is not the newest.',
        body: PolicySave,
        response: { 200: PolicyText, ...failures },
      },
    },
    (request) => policies.save({ ...request.body, ...authorOf(request) }),
  )

  app.post(
    '/policies/restore',
    {
      config: editing,
      schema: {
        tags,
        summary: 'Bring an older version back, as the newest',
        body: PolicyRestore,
        response: { 200: PolicyText, ...failures },
      },
    },
    (request) => policies.restore({ ...request.body, ...authorOf(request) }),
  )

  app.post(
    '/policies/check',
    {
      config: reading,
      schema: {
        tags,
        summary: 'Check rules without saving them',
        body: PolicyCheckRequest,
        response: { 200: PolicyCheck, ...failures },
      },
    },
    async ({ body: { yaml } }) => checkPolicyText(yaml),
  )

  app.post(
    '/policies/dry-run',
    {
      config: reading,
      schema: {
        tags,
        summary: 'What a statement becomes for somebody',
        description: 'Under the rules in force, or under `yaml`. Nothing runs; a refusal is in the reply.',
        body: DryRunRequest,
        response: { 200: DryRun, ...failures },
      },
    },
    async (request) => {
      const { yaml, principal, source, sql } = request.body
      const document = yaml === undefined ? ((await policies.current())?.document ?? null) : parsePolicies(yaml)
      const as = { ...principal, name: principal.name ?? principal.id }
      const result = await assistant.dryRun({ policies: document, principal: as, source, sql })
      // It tells what somebody else may see, so it is recorded as what is seen is.
      await audit.record({
        ...askedBy(request),
        action: 'policy-dry-run',
        outcome: result.refusal ? 'refused' : 'ok',
        source,
        sqlAsked: sql,
        policies: result.applied,
        tables: result.tables,
        error: result.refusal,
        requestId: request.id,
        details: { as: as.id, roles: as.roles.join(' '), draft: yaml !== undefined },
      })
      return result
    },
  )
}

function authorOf(request: FastifyRequest) {
  return { author: request.principal, surface: surfaceOf(request) }
}
