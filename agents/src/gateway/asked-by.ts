import type { NewAuditEntry } from '@plumbline/tools/contract'
import type { FastifyRequest } from 'fastify'
import { surfaceOf } from './surface-of.ts'

/** Who made a request and through which door, as the audit log writes it. */
export function askedBy(request: FastifyRequest): Pick<NewAuditEntry, 'principal' | 'surface'> {
  const { id, name, roles } = request.principal
  return { principal: { id, name, roles }, surface: surfaceOf(request) }
}
