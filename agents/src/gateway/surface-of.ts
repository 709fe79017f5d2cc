import type { AuditSurface } from '@plumbline/tools/contract'
import type { FastifyRequest } from 'fastify'

/** Sent by the command line when it talks to a running server. */
export const CLIENT_HEADER = 'x-plumbline-client'

/**
 * Through which door a request came, for the audit log. A session is the page's; what else a client says of itself can only tell
 * one kind of program from another.
 */
export function surfaceOf(request: FastifyRequest): AuditSurface {
  if (request.caller?.by === 'session') return 'page'
  return request.headers[CLIENT_HEADER] === 'cli' ? 'cli' : 'rest'
}
