import { Approval, ApprovalComment, ApprovalDecline, ApprovalPage, ApprovalState } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Identity } from '../../identity/index.ts'
import { mayNotDecide, type State } from '../../state/index.ts'
import type { ApprovedRuns } from '../approved-runs.ts'
import { askedBy } from '../asked-by.ts'
import { failures } from '../error-reply.ts'

const tags = ['approvals']
const params = z.object({ id: z.string().min(1).max(100) })
const page = z.object({
  state: ApprovalState.optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  before: z.string().max(300).optional(),
})
const asking = { permission: 'ask', scope: 'ask' } as const
const deciding = { permission: 'approve', scope: 'admin' } as const

export interface ApprovalOptions {
  readonly state: Pick<State, 'approvals' | 'audit'>
  readonly identity: Pick<Identity, 'permissionsOf'>
  readonly runs: ApprovedRuns
}

/** Queries over a budget: their askers ask for them, other people who may approve decide. */
export const approvalRoutes: FastifyPluginAsyncZod<ApprovalOptions> = async (app, { state, identity, runs }) => {
  const { approvals, audit } = state

  const record = (
    request: FastifyRequest,
    approval: Approval,
    action: 'approval-requested' | 'approval-granted' | 'approval-denied',
    comment: string | undefined,
    failure?: unknown,
  ) => {
    const error = failure === undefined ? null : toAppError(failure)
    const { estimate } = approval
    return audit.record({
      ...askedBy(request),
      action,
      outcome: error === null ? 'ok' : error.info.blame === 'user' ? 'refused' : 'failed',
      question: approval.question,
      source: approval.source,
      sqlAsked: approval.sql,
      policies: approval.rules,
      cost: {
        usd: 0,
        inputTokens: 0,
        outputTokens: 0,
        estimate: { rows: estimate.rows ?? null, bytes: estimate.bytes ?? null },
      },
      error: error && { code: error.code, message: error.message },
      answerId: approval.answerId,
      requestId: request.id,
      details: { approvalId: approval.id, asker: approval.asker.id, comment: comment ?? null },
    })
  }

  app.get(
    '/approvals',
    {
      config: deciding,
      schema: {
        tags,
        summary: 'What other people have asked approval for',
        querystring: page,
        response: { 200: ApprovalPage, ...failures },
      },
    },
    ({ principal, query }) => approvals.list(...listed({ notOf: principal.id }, query)),
  )

  app.get(
    '/approvals/mine',
    {
      config: { permission: 'ask', scope: 'read' },
      schema: {
        tags,
        summary: 'Your own queries over a budget',
        querystring: page,
        response: { 200: ApprovalPage, ...failures },
      },
    },
    ({ principal, query }) => approvals.list(...listed({ of: principal.id }, query)),
  )

  app.get(
    '/approvals/:id',
    {
      config: { permission: 'ask', scope: 'read' },
      schema: { tags, summary: 'One approval', params, response: { 200: Approval, ...failures } },
    },
    async ({ principal, params: { id } }) => {
      const approval = await approvals.get(id, identity.permissionsOf(principal).has('approve') ? null : principal.id)
      // What was only offered is between the asker and the page.
      return approval.requestedAt === null ? approvals.get(id, principal.id) : approval
    },
  )

  app.post(
    '/approvals/:id/request',
    {
      config: asking,
      schema: {
        tags,
        summary: 'Ask for approval of your query',
        description: 'It waits for a day. Once it is decided, GET /api/answers/:id of its `answerId` has the result.',
        params,
        body: ApprovalComment,
        response: { 200: Approval, ...failures },
      },
    },
    async (request) => {
      const { principal, params, body } = request
      const approval = await approvals.get(params.id, principal.id)
      await record(request, approval, 'approval-requested', body.comment)
      return approvals.request(approval.id, principal.id, body.comment).catch(async (error: unknown) => {
        await record(request, approval, 'approval-requested', body.comment, error)
        throw error
      })
    },
  )

  const decide = async (request: FastifyRequest, id: string, decision: 'approved' | 'declined', comment?: string) => {
    const action = decision === 'approved' ? 'approval-granted' : 'approval-denied'
    const approval = await approvals.get(id, null)
    const refusal = mayNotDecide(approval, request.principal)
    // The record first: nothing runs by a decision that is not in the log.
    await record(request, approval, action, comment, refusal ?? undefined)
    if (refusal) throw refusal
    const decided = await approvals.decide(id, request.principal, decision, comment).catch(async (error: unknown) => {
      await record(request, approval, action, comment, error)
      throw error
    })
    runs.start(id)
    return decided
  }

  app.post(
    '/approvals/:id/approve',
    {
      config: deciding,
      schema: {
        tags,
        summary: 'Let a query of somebody else run, once',
        description:
          'It runs as its asker, with what they may see then. CONFLICT when it is decided, expired or withdrawn.',
        params,
        body: ApprovalComment,
        response: { 200: Approval, ...failures },
      },
    },
    (request) => decide(request, request.params.id, 'approved', request.body.comment),
  )

  app.post(
    '/approvals/:id/decline',
    {
      config: deciding,
      schema: {
        tags,
        summary: 'Decline a query of somebody else, and say why',
        params,
        body: ApprovalDecline,
        response: { 200: Approval, ...failures },
      },
    },
    (request) => decide(request, request.params.id, 'declined', request.body.comment),
  )
}

function listed(who: { of?: string; notOf?: string }, { state, limit, before }: z.output<typeof page>) {
  return [
    { ...who, ...(state ? { state } : {}) },
    { ...(limit === undefined ? {} : { limit }), ...(before === undefined ? {} : { before }) },
  ] as const
}
