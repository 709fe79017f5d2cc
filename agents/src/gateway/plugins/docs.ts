import swagger from '@fastify/swagger'
import * as contract from '@plumbline/tools/contract'
import fp from 'fastify-plugin'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ErrorReply } from '../error-reply.ts'
import { VERSION } from '../version.ts'

/** Collects the routes into one OpenAPI document, with the contract's schemas under their names. */
export default fp(
  async (app) => {
    const schemaRegistry = z.registry<{ id: string }>()
    for (const [id, schema] of Object.entries({ ...contract, ErrorReply })) {
      if (schema instanceof z.ZodType) schemaRegistry.add(schema, { id })
    }
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Plumbline',
          version: VERSION,
          description: 'Ask your data in plain English and check the answer: every answer carries its proof.',
        },
        components: {
          securitySchemes: {
            apiToken: { type: 'http', scheme: 'bearer', description: 'The file `api-token` of the data directory.' },
          },
        },
        security: [{ apiToken: [] }],
      },
      transform: createJsonSchemaTransform({ schemaRegistry }),
      transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
    })
  },
  { name: 'docs' },
)
