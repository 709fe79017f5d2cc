import { AppError } from '@plumbline/tools/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/**
 * Answers a request whose address can not even be read (`/%ff`). Fastify runs no hook for it, so what every answer has is set
 * here: it is data, and no page may show it as anything else.
 */
export function answerUnreadable(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const { code, message } = new AppError('INPUT_INVALID', 'The address of the request can not be read.')
  reply
    .code(400)
    .headers({
      'content-type': 'application/json; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    .send(JSON.stringify({ error: { code, message } }))
}
