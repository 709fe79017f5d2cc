import rateLimit from '@fastify/rate-limit'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts one request of the caller. @throws RATE_LIMITED, with the seconds to wait in its data. */
    spend(request: FastifyRequest): Promise<void>
  }
}

/** How often one caller may ask, over HTTP and over the socket together. `perMinute` 0 is no limit. */
export default fp<{ readonly perMinute: number }>(
  async (app, { perMinute }) => {
    await app.register(rateLimit, { global: false })
    const check = app.createRateLimit({
      max: perMinute,
      timeWindow: 60_000,
      keyGenerator: (request) => request.caller?.key ?? request.ip,
    })
    app.decorate('spend', async (request: FastifyRequest) => {
      if (perMinute === 0) return
      const result = await check(request)
      if (result.isAllowed || !result.isExceeded) return
      const seconds = result.ttlInSeconds
      throw new AppError('RATE_LIMITED', `That is too much at once. Try again in ${seconds} seconds.`, {
        data: { retryAfterSeconds: seconds },
      })
    })
  },
  { name: 'limits', dependencies: ['auth'] },
)
