import { Readable } from 'node:stream'
import { auditExport } from '@plumbline/tools/audit'
import { AuditEntry, AuditFilter, AuditHead, AuditPage, AuditVerdict } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AuditLog } from '../../state/index.ts'
import { askedBy } from '../asked-by.ts'
import { failures } from '../error-reply.ts'
import { EventStream } from '../event-stream.ts'

const tags = ['audit']
const config = { scope: 'audit.read', permission: 'audit.read' } as const

const TYPE = { jsonl: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const

/** A head that was kept elsewhere; without `seq`, its entry may be any. */
const KeptHead = AuditHead.partial({ seq: true })

export const auditRoutes: FastifyPluginAsyncZod<{ audit: AuditLog }> = async (app, { audit }) => {
  app.get(
    '/audit',
    {
      config,
      schema: {
        tags,
        summary: 'Search the audit log, newest first',
        querystring: AuditFilter.extend({
          limit: z.coerce.number().int().min(1).max(500).default(50),
          before: z.coerce.number().int().positive().optional(),
        }),
        response: { 200: AuditPage, ...failures },
      },
    },
    ({ query: { limit, before, ...filter } }) => audit.search(filter, { limit, before }),
  )

  app.get(
    '/audit/:seq',
    {
      config,
      schema: {
        tags,
        summary: 'One entry',
        params: z.object({ seq: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
        response: { 200: AuditEntry, ...failures },
      },
    },
    ({ params: { seq } }) => audit.get(seq),
  )

  app.get(
    '/audit/export',
    {
      config,
      schema: {
        tags,
        summary: 'Export the audit log, oldest first',
        description:
          'As JSON lines, in the canonical form that the hashes are made of (an export without filters can be verified with ' +
          '`plumbline audit verify --file`), or as CSV, in which no cell is a formula. The export itself is an entry of the log.',
        querystring: AuditFilter.extend({ format: z.enum(['jsonl', 'csv']).default('jsonl') }),
        response: { 200: z.string().describe('The entries, one a line'), ...failures },
      },
    },
    async (request, reply) => {
      const { format, ...filter } = request.query
      await audit.record({
        ...askedBy(request),
        action: 'audit-exported',
        outcome: 'ok',
        requestId: request.id,
        details: given({ format, ...filter }),
      })
      const name = `audit-${new Date().toISOString().slice(0, 10)}.${format}`
      return reply
        .type(TYPE[format])
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(
          Readable.from(auditExport(audit.entries(filter), format), {
            objectMode: false,
            highWaterMark: 1 << 16,
          }) as never,
        )
    },
  )

  const verifying = {
    tags,
    summary: 'Verify the chain of the audit log',
    description:
      'Reads the whole log and answers with the first entry that was changed, removed, inserted or moved. Give heads that were kept ' +
      'elsewhere: without them a log whose end was cut, or that was written anew, looks whole. With `accept: text/event-stream`, ' +
      'streams `progress` events (`{ checked, of }`) and ends with `verdict`, or `error`.',
    response: { 200: AuditVerdict, ...failures },
  }
  app.get(
    '/audit/verify',
    {
      config,
      schema: {
        ...verifying,
        querystring: z.object({ head: AuditHead.shape.hash.optional().describe('A hash that was kept elsewhere') }),
      },
    },
    (request, reply) => verify(request, reply, request.query.head === undefined ? [] : [{ hash: request.query.head }]),
  )
  app.post(
    '/audit/verify',
    { config, schema: { ...verifying, body: z.object({ heads: z.array(KeptHead).max(5000) }) } },
    (request, reply) => verify(request, reply, request.body.heads),
  )

  async function verify(request: FastifyRequest, reply: FastifyReply, anchors: z.infer<typeof KeptHead>[]) {
    if (!request.headers.accept?.includes('text/event-stream')) return audit.verify({ anchors })
    const stream = new EventStream()
    const { seq: of } = await audit.head()
    audit
      .verify({
        anchors,
        onProgress(checked) {
          // Nobody listens any more: a long log is not read to its end for that.
          if (stream.body.destroyed) throw new AppError('QUERY_CANCELLED', 'Stopped.')
          stream.send('progress', { checked, of })
        },
      })
      .then((verdict) => stream.send('verdict', verdict))
      .catch((thrown: unknown) => {
        if (!stream.body.destroyed) request.log.error({ err: thrown }, 'verifying failed')
        stream.send('error', toAppError(thrown))
      })
      .finally(() => stream.end())
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('x-accel-buffering', 'no')
      .send(stream.body as never)
  }
}

/** Without what was not said. */
const given = (query: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
