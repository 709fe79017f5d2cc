import type { FastifyRequest } from 'fastify'

const LOOPBACK_ADDRESS = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/
const LOOPBACK_NAME = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i
/** What proxies add: behind one on the same machine, every address is a loopback address. */
const OF_PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** Whether the request comes from this machine itself, under a name of this machine. */
export function onThisMachine(request: FastifyRequest): boolean {
  return (
    LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '') &&
    isLoopbackName(request.headers.host) &&
    OF_PROXIES.every((header) => request.headers[header] === undefined)
  )
}

/** Whether a `Host` header is one of the names that every machine has for itself. */
export const isLoopbackName = (host: string | undefined) => LOOPBACK_NAME.test(host ?? '')
