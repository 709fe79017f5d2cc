import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Principal } from '@plumbline/tools/contract'
import { buildServer } from '../build-server.ts'
import type { Connection } from '../connection.ts'
import { RunningCalls, sessionOf } from './running-calls.ts'

export interface HttpOptions {
  readonly principal: Principal
  /** Host names under which the server may be reached; another Host header is a DNS-rebinding attack. */
  readonly allowedHosts?: readonly string[]
  /** When set, every request must bring it as a bearer token. */
  readonly token?: string
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Streamable HTTP without sessions: each request gets a server and a transport of its own, as the SDK demands of a
 * stateless server. The caller reads the body with a limit and mounts this under a path.
 */
export function createHttpHandler(connection: Connection, options: HttpOptions) {
  const hosts = new Set([...LOOPBACK, ...(options.allowedHosts ?? [])])
  const calls = new RunningCalls()
  return async (request: IncomingMessage, response: ServerResponse, body?: unknown): Promise<void> => {
    const refusal = refuse(request, hosts, options.token)
    if (refusal) {
      response.writeHead(refusal.status, { 'content-type': 'application/json', ...refusal.headers })
      response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message: refusal.message }, id: null }))
      return
    }
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    const server = buildServer(connection, () => ({ principal: options.principal, surface: 'mcp' }))
    response.once('close', () => {
      void transport.close()
      void server.close()
    })
    transport.onmessage = calls.listener(sessionOf(request.headers), response)
    await server.connect(transport as Parameters<typeof server.connect>[0])
    await transport.handleRequest(request, response, body)
  }
}

function refuse(request: IncomingMessage, hosts: ReadonlySet<string>, token: string | undefined) {
  const host = hostName(request.headers.host)
  if (!host || !hosts.has(host)) return { status: 403, message: 'This host name is not served here.' }
  const origin = request.headers.origin
  if (origin !== undefined && !hosts.has(hostName(URL.parse(origin)?.host) ?? '')) {
    return { status: 403, message: 'Pages of another origin may not call this server.' }
  }
  if (token !== undefined && !sameToken(request.headers.authorization, `Bearer ${token}`)) {
    return { status: 401, message: 'Send the token as Authorization: Bearer <token>.' }
  }
  // Without sessions the server never speaks first: a stream for that (GET) would stay open for nothing.
  if (request.method !== 'POST') {
    return { status: 405, message: 'Send MCP messages with POST.', headers: { allow: 'POST' } }
  }
  return null
}

const hostName = (host: string | undefined) => host?.replace(/:\d+$/, '').toLowerCase()

function sameToken(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
