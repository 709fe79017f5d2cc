import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Identity } from '../../identity/index.ts'
import { RESOURCE_METADATA_PATH } from '../challenge.ts'
import { failures } from '../error-reply.ts'

const tags = ['access']
/** What others need to verify our tokens may be kept for a while: a new key is published before any of its tokens is old. */
const CACHE = 'public, max-age=60'

const ResourceMetadata = z.object({
  resource: z.string(),
  authorization_servers: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
  resource_name: z.string(),
})

export const wellKnownRoutes: FastifyPluginAsyncZod<{ identity: Identity }> = async (app, { identity }) => {
  app.get(
    '/.well-known/jwks.json',
    {
      config: { open: true },
      schema: {
        tags,
        summary: 'The keys that verify our access tokens',
        security: [],
        response: { 200: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }), ...failures },
      },
    },
    async (_request, reply) => {
      const { keys } = await identity.jwks()
      return reply.header('cache-control', CACHE).send({ keys: keys.map((key) => ({ ...key })) })
    },
  )

  const { oidc } = identity.settings
  // Without an authorization server there is nothing to point at: clients bring the API token or a key.
  if (!oidc) return
  const metadata = {
    config: { open: true },
    schema: {
      tags,
      summary: 'Where MCP clients get tokens (RFC 9728)',
      security: [],
      response: { 200: ResourceMetadata, ...failures },
    },
  }
  for (const path of [RESOURCE_METADATA_PATH, `${RESOURCE_METADATA_PATH}/mcp`]) {
    app.get(path, metadata, async (_request, reply) =>
      reply.header('cache-control', CACHE).send({
        resource: identity.access.audience('mcp'),
        authorization_servers: [oidc.issuer],
        scopes_supported: ['ask'],
        bearer_methods_supported: ['header'],
        resource_name: 'Plumbline',
      }),
    )
  }
}
