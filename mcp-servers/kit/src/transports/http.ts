import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Principal } from '@plumbline/tools/contract'
import { buildServer } from '../build-server.ts'
import type { Connection } from '../connection.ts'
import { RunningCalls, sessionOf } from './running-calls.ts'

/** Why a request is refused; the challenge goes into `WWW-Authenticate` (RFC 6750, RFC 9728). */
export interface Refusal {
  readonly status: 401 | 403
  readonly challenge: string
  readonly message: string
}

export type HttpOptions = {
  /** Host names under which the server may be reached; another Host header is a DNS-rebinding attack. */
  readonly allowedHosts?: readonly string[]
} & (
  | {
      readonly principal: Principal
      /** When set, every request must bring it as a bearer token. */
      readonly token?: string
    }
  | {
      /**
       * Finds out from each request who asks: verifies the token, its audience included (MCP authorization, "Token Handling"). A
       * token is for this server alone: it is never passed on to the system.
       */
      readonly authenticate: (request: IncomingMessage) => Promise<Principal | Refusal>
    }
)

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Streamable HTTP without sessions: each request gets a server and a transport of its own, as the SDK demands of a
 * stateless server. The caller reads the body with a limit and mounts this under a path.
 */
export function createHttpHandler(connection: Connection, options: HttpOptions) {
  const hosts = new Set([...LOOPBACK, ...(options.allowedHosts ?? [])])
  const calls = new RunningCalls()
  return async (request: IncomingMessage, response: ServerResponse, body?: unknown): Promise<void> => {
    const elsewhere = refuseOrigin(request, hosts)
    if (elsewhere) return end(response, elsewhere)
    // Whatever fails while one finds out who asks: nobody comes in.
    const principal = await principalOf(request, options).catch(() => null)
    if (principal === null)
      return end(response, { status: 503, message: 'Who asks could not be found out. Try again.' })
    if ('status' in principal) {
      return end(response, { ...principal, headers: { 'www-authenticate': principal.challenge } })
    }
    // Without sessions the server never speaks first: a stream for that (GET) would stay open for nothing.
    if (request.method !== 'POST') {
      return end(response, { status: 405, message: 'Send MCP messages with POST.', headers: { allow: 'POST' } })
    }
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    const server = buildServer(connection, () => ({ principal, surface: 'mcp' }))
    response.once('close', () => {
      void transport.close()
      void server.close()
    })
    transport.onmessage = calls.listener(sessionFor(principal, request), response)
    await server.connect(transport as Parameters<typeof server.connect>[0])
    await transport.handleRequest(request, response, body)
  }
}

interface Ending {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

function end(response: ServerResponse, { status, message, headers }: Ending): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }))
}

function refuseOrigin(request: IncomingMessage, hosts: ReadonlySet<string>): Ending | null {
  const host = hostName(request.headers.host)
  if (!host || !hosts.has(host)) return { status: 403, message: 'This host name is not served here.' }
  const origin = request.headers.origin
  if (origin !== undefined && !hosts.has(hostName(URL.parse(origin)?.host) ?? '')) {
    return { status: 403, message: 'Pages of another origin may not call this server.' }
  }
  return null
}

async function principalOf(request: IncomingMessage, options: HttpOptions): Promise<Principal | Refusal> {
  if ('authenticate' in options) return options.authenticate(request)
  const { token, principal } = options
  if (token === undefined || sameToken(request.headers.authorization, `Bearer ${token}`)) return principal
  return { status: 401, challenge: 'Bearer', message: 'Send the token as Authorization: Bearer <token>.' }
}

/** Nobody cancels what another person asked, even with the name of their session. */
function sessionFor({ id }: Principal, { headers }: IncomingMessage): string | undefined {
  const session = sessionOf(headers)
  return session === undefined ? undefined : `${session} ${id}`
}

const hostName = (host: string | undefined) => host?.replace(/:\d+$/, '').toLowerCase()

function sameToken(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
