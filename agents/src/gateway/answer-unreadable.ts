import type { Socket } from 'node:net'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const bodyOf = (text: string) => {
  const { code, message } = new AppError('INPUT_INVALID', text)
  return JSON.stringify({ error: { code, message } })
}

/**
 * Answers a request whose address can not even be read (`/%ff`). Fastify runs no hook for it, so what every answer has is set
 * here: it is data, and no page may show it as anything else.
 */
export function answerUnreadable(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  reply.code(400).headers(HEADERS).send(bodyOf('The address of the request can not be read.'))
}

/**
 * Answers what is no HTTP request, or two readings of one (a length and chunks: request smuggling), and ends the connection:
 * where the next request would begin is not known.
 */
export function answerNoRequest(_error: Error, socket: Socket): void {
  if (socket.writable) {
    const body = bodyOf('This is not an HTTP request that can be read.')
    const headers = { ...HEADERS, 'content-length': Buffer.byteLength(body), connection: 'close' }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${body}`)
  }
  socket.destroySoon()
}
