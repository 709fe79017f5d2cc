import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { abortOnClose } from '../abort-on-close.ts'
import { failures } from '../error-reply.ts'
import { type ProductParts, productServer } from '../mcp/product-server.ts'

const tags = ['mcp']

/** The product as an MCP server over streamable HTTP, without sessions: a request brings all it needs. */
export const mcpRoute: FastifyPluginAsyncZod<{ parts: Omit<ProductParts, 'principal' | 'wire'> }> = async (
  app,
  { parts },
) => {
  app.post(
    '/mcp',
    {
      config: { scope: 'ask', permission: 'ask', resource: 'mcp' },
      schema: {
        tags,
        summary: 'Model Context Protocol',
        description:
          'Streamable HTTP. Tools: `ask_question`, `get_receipt`, `list_sources`. Needs a bearer: a token of the identity provider ' +
          'or of POST /api/tokens that is made for this resource, an API key, or the API token of the installation.',
        body: z.unknown(),
        response: { 200: z.unknown().describe('JSON-RPC, as JSON or as an event stream'), ...failures },
      },
    },
    async (request, reply) => {
      // Never by cookie: what a browser holds must not be able to drive tools.
      if (request.caller?.by !== 'bearer') {
        reply.header('www-authenticate', app.challengeOf(request, null))
        throw new AppError(
          'UNAUTHENTICATED',
          'MCP clients send an access token, an API key or the API token: `Authorization: Bearer <token>`.',
        )
      }
      // Without a session id generator it is stateless, and a stateless transport serves one request (SDK 1.32).
      const ask: ProductParts['ask'] = async (question) => {
        await app.spend(request, 'ask')
        return parts.ask(question)
      }
      const server = productServer({ ...parts, ask, principal: request.principal, wire: abortOnClose(reply.raw) })
      const transport = new StreamableHTTPServerTransport({})
      reply.hijack()
      reply.raw.once('close', () => {
        void server.close()
      })
      try {
        await server.connect(transport)
        await transport.handleRequest(request.raw, reply.raw, request.body)
      } catch (error) {
        request.log.error({ err: error }, 'MCP request failed')
        reply.raw.destroy()
      }
    },
  )

  app.get(
    '/mcp',
    {
      config: { scope: 'ask', permission: 'ask', resource: 'mcp' },
      schema: {
        tags,
        summary: 'No stream of the server’s own',
        description: 'Always 405: without sessions the server never speaks first. MCP clients expect this answer.',
        response: failures,
      },
    },
    async (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'POST')
        .send({ error: { code: 'NOT_FOUND', message: 'Send MCP messages with POST.' } }),
  )
}
