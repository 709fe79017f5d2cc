import {
  type Answer,
  type ApiKey,
  ApiKeyRequest,
  type Approval,
  type ApprovalOffer,
  type AuditEntry,
  AuditFilter,
  type AuditHead,
  type AuditPage,
  type AuditVerdict,
  DryRunRequest,
  Permission,
  type Policies,
  type PolicyFault,
  PolicySave,
  type PolicyText,
  type SharedAnswer,
  type SignInMethods,
  type UsageReport,
  type User,
} from '@plumbline/tools/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { auditLog } from './sample-audit.ts'
import { impactOf, lineageOf } from './sample-lineage.ts'
import { ANA, DOCUMENT, POLICIES, policyText } from './sample-policies.ts'

/** What the pages for those who look after Plumbline read and change. */
export interface ScriptedAdmin {
  permissions: Permission[]
  methods: SignInMethods
  policies: { versions: PolicyText[]; origin: Policies['origin']; editable: boolean }
  log: AuditEntry[]
  verdict: AuditVerdict | null
  keys: ApiKey[]
  approvals: Approval[]
  people: User[]
  /** Shared answers by the id of their link. */
  shared: Map<string, SharedAnswer>
  /** What was sent to try the policies on. */
  tried: DryRunRequest[]
  /** Addresses of what was downloaded. */
  exports: string[]
}

const PAGE = 50
const refuse = (reply: FastifyReply, status: number, code: string, message: string) =>
  reply.code(status).send({ error: { code, message } })

export function newAdmin(): ScriptedAdmin {
  return {
    permissions: [...Permission.options],
    methods: { oidc: null, link: true },
    policies: {
      versions: [
        policyText(3, POLICIES, 'Wind speeds in steps of five, as the airport asked'),
        policyText(2, POLICIES.replace('size: 5', 'size: 10'), ''),
        policyText(1, POLICIES.replace(/\nmasks:[\s\S]*?\n\n/, '\nmasks: []\n\n'), 'The first rules', {
          id: 'ben',
          name: 'Ben Okafor',
        }),
      ],
      origin: { kind: 'store' },
      editable: true,
    },
    log: auditLog(123),
    verdict: null,
    keys: [],
    approvals: [],
    people: [],
    shared: new Map(),
    tried: [],
    exports: [],
  }
}

/** What is kept of an answer that is over the budget. */
export function offered(answer: Answer, offer: ApprovalOffer): Approval {
  return {
    ...offer,
    state: 'offered',
    asker: ANA,
    source: 'flights',
    question: answer.question,
    threadId: answer.threadId,
    answerId: answer.id,
    comment: null,
    createdAt: answer.createdAt,
    requestedAt: null,
    decision: null,
  }
}

/** Faults as the gateway finds them, of the few kinds that the tests write. */
function faultsOf(yaml: string): PolicyFault[] {
  return yaml.split('\n').flatMap((text, i): PolicyFault[] => {
    const at = { line: i + 1, column: text.search(/\S/) + 1 }
    if (text.includes('\t')) return [{ message: 'it is not YAML: tabs', path: '', ...at }]
    const role = /roles: \[(\w*nobody\w*)\]/.exec(text)?.[1]
    return role
      ? [{ message: `there is no role \`${role}\`; add it under \`roles\``, path: 'grants[0].roles[0]', ...at }]
      : []
  })
}

export function adminRoutes(
  app: FastifyInstance,
  admin: ScriptedAdmin,
  find: (answerId: string) => Answer | undefined,
): void {
  app.get('/api/auth/methods', (): SignInMethods => admin.methods)

  app.get('/api/policies', (): Policies => {
    const { versions, origin, editable } = admin.policies
    return {
      current: versions[0] ?? null,
      versions: versions.map(({ yaml: _, document: __, ...version }) => version),
      origin,
      editable,
    }
  })
  app.get<{ Params: { version: string } }>(
    '/api/policies/:version',
    (request, reply) =>
      admin.policies.versions.find((one) => one.version === Number(request.params.version)) ??
      refuse(reply, 404, 'NOT_FOUND', 'There is no such version.'),
  )
  app.post<{ Body: { yaml: string } }>('/api/policies/check', ({ body }) => {
    const faults = faultsOf(body.yaml)
    return faults.length > 0 ? { ok: false, faults } : { ok: true, faults, document: DOCUMENT }
  })
  app.put('/api/policies', (request, reply) => {
    const { yaml, comment, expectedVersion } = PolicySave.parse(request.body)
    const newest = admin.policies.versions[0]?.version ?? 0
    if (newest !== expectedVersion) return refuse(reply, 409, 'CONFLICT', 'Somebody else saved a newer version.')
    const saved = policyText(newest + 1, yaml, comment)
    admin.policies.versions.unshift(saved)
    return reply.send(saved)
  })
  app.post<{ Body: { version: number } }>('/api/policies/restore', ({ body }, reply) => {
    const old = admin.policies.versions.find((one) => one.version === body.version)
    if (!old) return refuse(reply, 404, 'NOT_FOUND', 'There is no such version.')
    const newest = admin.policies.versions[0]?.version ?? 0
    const saved = { ...policyText(newest + 1, old.yaml, ''), restored: old.version }
    admin.policies.versions.unshift(saved)
    return reply.send(saved)
  })
  app.post('/api/policies/dry-run', ({ body }) => {
    const request = DryRunRequest.parse(body)
    admin.tried.push(request)
    const asked = request.sql
    const none = { tables: [], applied: [] }
    if (/tailnum/.test(asked)) {
      const refusal = { code: 'FORBIDDEN', message: 'There is no column `tailnum` in flights.' }
      return { asked, governed: null, refusal, ...none }
    }
    const airport = String(request.principal.attributes.airport ?? '')
    const own = request.principal.roles.includes('analyst')
    const gated = `(SELECT time_hour, dep_delay, origin FROM flights AS base WHERE origin = '${airport}') AS flights`
    return {
      asked,
      governed: own ? asked.replace(/\bflights\b/, gated) : asked,
      refusal: null,
      tables: [{ name: 'flights', columns: ['time_hour', 'dep_delay', 'origin'] }],
      applied: own ? ['own-airport'] : [],
    }
  })

  app.get<{ Querystring: Record<string, string> }>('/api/audit', ({ query }): AuditPage => {
    const { text, outcome, action, table } = AuditFilter.parse(query)
    const before = Number(query.before ?? Number.POSITIVE_INFINITY)
    const found = admin.log
      .filter(
        (entry) =>
          entry.seq < before &&
          (!outcome || entry.outcome === outcome) &&
          (!action || entry.action === action) &&
          (!table || entry.tables.some((one) => one.name === table)) &&
          (!text || `${entry.question} ${entry.sqlAsked} ${entry.principal.name}`.includes(text)),
      )
      .toReversed()
    const entries = found.slice(0, PAGE)
    return { entries, next: found.length > PAGE ? (entries.at(-1)?.seq ?? null) : null }
  })
  app.post<{ Body: { heads: AuditHead[] } }>('/api/audit/verify', ({ body, headers }, reply) => {
    const last = admin.log.at(-1)
    const head = { seq: last?.seq ?? 0, hash: last?.hash ?? '0'.repeat(64) }
    const cut = body.heads.find((kept) => kept.seq > head.seq)
    const message = `The log ends at entry ${head.seq}; entry ${cut?.seq} was kept elsewhere and is gone.`
    const fault = cut ? { kind: 'truncated' as const, seq: cut.seq, message } : null
    const verdict = admin.verdict ?? { ok: !fault, checked: admin.log.length, head, fault }
    if (headers.accept !== 'text/event-stream') return reply.send(verdict)
    const events = [
      `event: progress\ndata: ${JSON.stringify({ checked: 1, of: admin.log.length })}`,
      `event: verdict\ndata: ${JSON.stringify(verdict)}`,
    ]
    return reply.type('text/event-stream').send(`: ok\n\n${events.join('\n\n')}\n\n`)
  })
  app.get('/api/audit/export', (request, reply) => {
    admin.exports.push(request.url)
    return reply
      .header('content-disposition', 'attachment; filename="audit.csv"')
      .type('text/csv')
      .send('seq,at\n1,2026-11-02\n')
  })

  app.get<{ Querystring: { answer: string } }>('/api/lineage', ({ query }, reply) => {
    const answer = find(query.answer)
    return answer
      ? reply.send(lineageOf(query.answer, answer.threadId, answer.question))
      : refuse(reply, 404, 'NOT_FOUND', 'There is no such answer.')
  })
  app.get<{ Querystring: { source: string; table: string; column?: string } }>('/api/lineage/impact', ({ query }) =>
    impactOf(query.source, query.table, query.column ?? null),
  )

  app.get('/api/keys', () => ({ keys: admin.keys }))
  app.post('/api/keys', (request, reply) => {
    const { name, scopes, expiresInDays } = ApiKeyRequest.parse(request.body)
    const now = Date.now()
    const key: ApiKey = {
      id: `k${admin.keys.length + 1}`,
      name,
      prefix: 'pl_3fA9…',
      scopes,
      owner: ANA,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + expiresInDays * 86_400_000).toISOString(),
      lastUsedAt: null,
      revokedAt: null,
      status: 'active',
    }
    admin.keys.unshift(key)
    return reply.code(201).send({ key, secret: 'pl_3fA9c2e87b1d4f60a5c9e2b7d8f1a3c4' })
  })
  app.delete<{ Params: { id: string } }>('/api/keys/:id', ({ params }, reply) => {
    admin.keys = admin.keys.map((key) =>
      key.id === params.id ? { ...key, status: 'revoked', revokedAt: new Date().toISOString() } : key,
    )
    return reply.code(204).send()
  })

  app.get('/api/usage', (): UsageReport => {
    const day = '2026-11-02'
    const today = { day, inputTokens: 11_000, outputTokens: 1_400, usd: 0.12, questions: 9, queries: 9, rowsScanned: 0 }
    const limits = { tokensPerDay: null, usdPerDay: 5 }
    return { days: [today], today, held: { tokens: 0, usd: 0 }, limits, resetsAt: '2026-11-03T00:00:00Z' }
  })
  app.get('/api/users', () => ({ users: admin.people }))
  app.patch<{ Params: { id: string }; Body: { disabled: boolean } }>('/api/users/:id', ({ params, body }, reply) => {
    const found = admin.people.find((one) => one.id === params.id)
    if (!found) return refuse(reply, 404, 'NOT_FOUND', 'There is no such person.')
    found.disabledAt = body.disabled ? new Date().toISOString() : null
    return reply.send(found)
  })

  app.get<{ Querystring: { state?: string } }>('/api/approvals', ({ query }) => ({
    approvals: admin.approvals.filter((one) => !query.state || one.state === query.state),
    next: null,
  }))
  app.get<{ Params: { id: string } }>(
    '/api/approvals/:id',
    ({ params }, reply) =>
      admin.approvals.find((one) => one.id === params.id) ??
      refuse(reply, 404, 'NOT_FOUND', 'There is no such request.'),
  )
  app.post<{ Params: { id: string; what: string }; Body: { comment?: string } }>(
    '/api/approvals/:id/:what',
    ({ params, body }, reply) => {
      const found = admin.approvals.find((one) => one.id === params.id)
      if (!found) return refuse(reply, 404, 'NOT_FOUND', 'There is no such request.')
      const comment = body.comment ?? null
      const now = new Date().toISOString()
      const decision = { by: { id: 'ben', name: 'Ben Okafor' }, at: now, comment }
      if (params.what === 'request') Object.assign(found, { state: 'requested', comment, requestedAt: now })
      else Object.assign(found, { state: params.what === 'approve' ? 'approved' : 'declined', decision })
      return reply.send(found)
    },
  )

  app.post<{ Params: { id: string } }>('/api/answers/:id/share', ({ params }, reply) => {
    const answer = find(params.id)
    if (!answer) return refuse(reply, 404, 'NOT_FOUND', 'There is no such answer.')
    const id = `s-${params.id}`
    admin.shared.set(id, { answer, sharedBy: 'Ana Silva', recomputed: false })
    return reply.code(201).send({ id, url: `/s/${id}` })
  })
  app.get<{ Params: { id: string } }>(
    '/api/shared/:id',
    ({ params }, reply) => admin.shared.get(params.id) ?? refuse(reply, 404, 'NOT_FOUND', 'This link is gone.'),
  )
  app.delete<{ Params: { id: string } }>('/api/shared/:id', ({ params }, reply) => {
    admin.shared.delete(params.id)
    return reply.code(204).send()
  })
}
