import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failures } from '../error-reply.ts'

export const openapiRoute: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/openapi.json',
    {
      config: { scope: 'any' },
      schema: {
        tags: ['docs'],
        summary: 'This document',
        response: { 200: z.record(z.string(), z.unknown()), ...failures },
      },
    },
    async () => app.swagger() as unknown as Record<string, unknown>,
  )
}
