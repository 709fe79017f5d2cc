import rateLimit from '@fastify/rate-limit'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'

/** What is counted apart: a flood of questions must not keep one from signing in, nor the other way round. */
export type RateClass = 'ask' | 'login' | 'export' | 'other'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What requests of this route count as; `other` when it does not say. */
    rate?: RateClass
  }
  interface FastifyInstance {
    /**
     * Counts one request of the caller, as what its route says or as `rate`. @throws RATE_LIMITED, with the seconds to wait in its
     * data.
     */
    spend(request: FastifyRequest, rate?: RateClass): Promise<void>
  }
}

export interface LimitOptions {
  /** Requests a minute for each person; 0 is no limit at all. */
  readonly perMinute: number
  /** Questions a minute for each person. */
  readonly asksPerMinute: number
  /** Keeps the counts of several processes together; in memory when absent. */
  readonly redis?: Redis | undefined
}

/** Attempts to sign in, a minute and address: enough for a person, too few to guess by. */
const LOGINS_PER_MINUTE = 20
const EXPORTS_PER_MINUTE = 10

/**
 * How often one person may ask, over HTTP, MCP and the socket together. People are counted by who they are, however many sessions
 * or keys they have; strangers by their address. When Redis does not answer, requests are let through: a counter must not be
 * what takes the product down, and every other check still holds.
 */
export default fp<LimitOptions>(
  async (app, { perMinute, asksPerMinute, redis }) => {
    await app.register(rateLimit, {
      global: false,
      skipOnError: true,
      ...(redis ? { redis, nameSpace: 'plumbline:rate:' } : {}),
    })
    const limiter = (rate: RateClass, max: number) =>
      app.createRateLimit({ max, timeWindow: 60_000, keyGenerator: (request) => `${rate}:${whoOf(request, rate)}` })
    const limiters = {
      ask: limiter('ask', asksPerMinute),
      login: limiter('login', LOGINS_PER_MINUTE),
      export: limiter('export', EXPORTS_PER_MINUTE),
      other: limiter('other', perMinute),
    }
    app.decorate('spend', async (request: FastifyRequest, rate?: RateClass) => {
      if (perMinute === 0) return
      const result = await limiters[rate ?? request.routeOptions.config?.rate ?? 'other'](request)
      if (result.isAllowed || !result.isExceeded) return
      const seconds = result.ttlInSeconds
      throw new AppError('RATE_LIMITED', `That is too much at once. Try again in ${seconds} seconds.`, {
        data: { retryAfterSeconds: seconds },
      })
    })
  },
  { name: 'limits', dependencies: ['auth'] },
)

/** Whoever tries to sign in is nobody yet, whatever cookie comes along. */
const whoOf = (request: FastifyRequest, rate: RateClass) =>
  request.caller && rate !== 'login' ? `person:${request.caller.principal.id}` : `address:${request.ip}`
