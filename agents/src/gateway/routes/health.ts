import { Health } from '@plumbline/tools/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ErrorReply } from '../error-reply.ts'
import { VERSION } from '../version.ts'

const CHECK_MS = 3000

export type Checks = ReadonlyMap<string, () => Promise<unknown>>

/** Open to everyone, so it says only what is up and what is down. */
export const healthRoute: FastifyPluginAsyncZod<{ checks: Checks }> = async (app, { checks }) => {
  app.get(
    '/health',
    {
      config: { open: true },
      schema: {
        tags: ['health'],
        summary: 'Whether every part answers',
        security: [],
        response: { 200: Health, 503: Health, '4xx': ErrorReply },
      },
    },
    async (request, reply) => {
      const entries = [...checks].map(async ([name, check]) => [name, await probe(name, check, request.log)] as const)
      const parts = Object.fromEntries(await Promise.all(entries))
      const ok = Object.values(parts).every(({ status }) => status === 'ok')
      return reply
        .code(ok ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status: ok ? 'ok' : 'degraded', version: VERSION, uptimeSeconds: Math.round(process.uptime()), parts })
    },
  )
}

async function probe(
  name: string,
  check: () => Promise<unknown>,
  log: FastifyBaseLogger,
): Promise<Health['parts'][string]> {
  const startedAt = performance.now()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${CHECK_MS} ms`)), CHECK_MS)
  try {
    await Promise.race([check(), late.promise])
    return { status: 'ok', ms: Math.round(performance.now() - startedAt) }
  } catch (error) {
    log.warn({ err: error, part: name }, 'health check failed')
    return { status: 'down', detail: 'The log has the reason.' }
  } finally {
    clearTimeout(timer)
  }
}
