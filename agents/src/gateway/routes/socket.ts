import { type AskRequest, SocketReply, SocketRequest } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { AskOnce } from '../ask-once.ts'
import { failures } from '../error-reply.ts'
import { surfaceOf } from '../surface-of.ts'

/** Questions one page may have running. */
export const MAX_ASKS = 8
/** Unsent bytes at which no further request is read: a slow reader waits and does not fill the memory. */
const MAX_UNSENT = 1 << 20
const PING_MS = 30_000

const schema = {
  tags: ['ask'],
  summary: 'Ask over a WebSocket',
  description:
    'Send SocketRequest, receive SocketReply, as JSON text. Several questions may run at once, told apart by `id`; `stop` ' +
    'ends one, closing the socket ends all.',
  response: { 101: z.union([SocketRequest, SocketReply]), ...failures },
}

export const socketRoute: FastifyPluginAsyncZod<{ ask: AskOnce }> = async (app, { ask }) => {
  const handler = async () => {
    throw new AppError('INPUT_INVALID', 'This address is a WebSocket: connect with an upgrade.')
  }
  const wsHandler = (socket: WebSocket, request: FastifyRequest) => {
    const asks = new Map<string, AbortController>()

    const send = (reply: SocketReply) => {
      if (socket.readyState !== socket.OPEN) return
      socket.send(JSON.stringify(reply), () => {
        if (socket.isPaused && socket.bufferedAmount <= MAX_UNSENT) socket.resume()
      })
      if (socket.bufferedAmount > MAX_UNSENT) socket.pause()
    }
    const fail = (id: string | null, thrown: unknown) => {
      const { code, message } = toAppError(thrown)
      if (code === 'INTERNAL') request.log.error({ err: thrown }, 'ask failed')
      send({ type: 'error', id, code, message })
    }

    const start = async (id: string, question: AskRequest) => {
      if (asks.has(id)) throw new AppError('CONFLICT', 'A question with this id is running already.')
      if (asks.size >= MAX_ASKS) throw new AppError('RATE_LIMITED', `Only ${MAX_ASKS} questions can run at once.`)
      const controller = new AbortController()
      asks.set(id, controller)
      try {
        await app.spend(request, 'ask')
        // The socket may have been open for hours: the session may be over, the person disabled or without the role.
        await app.authoriseAgain(request)
        await ask({
          request: question,
          principal: request.principal,
          surface: surfaceOf(request),
          wire: (inner) => controller.signal.addEventListener('abort', () => inner.abort(), { once: true }),
          onEvent: (event) => send({ type: 'event', id, event }),
        })
      } finally {
        asks.delete(id)
      }
    }

    socket.on('message', (data) => {
      const read = readRequest(String(data))
      if (!read.success)
        return fail(read.id, new AppError('INPUT_INVALID', 'This is not a SocketRequest; see /api/docs.'))
      const { id } = read.request
      if (read.request.type === 'stop') asks.get(id)?.abort()
      else start(id, read.request.request).catch((thrown: unknown) => fail(id, thrown))
    })
    socket.on('close', () => {
      for (const controller of asks.values()) controller.abort()
    })
    // The close that follows an error (a message over the limit, a broken frame) does the work.
    socket.on('error', (error) => request.log.debug({ err: error }, 'socket error'))
    keepAlive(socket, request)
  }
  app.route({ method: 'GET', url: '/socket', config: { scope: 'ask', permission: 'ask' }, schema, handler, wsHandler })
}

function readRequest(text: string) {
  try {
    const json: unknown = JSON.parse(text)
    const result = SocketRequest.safeParse(json)
    if (result.success) return { success: true as const, request: result.data }
    const id = z.object({ id: z.string().max(100) }).safeParse(json)
    return { success: false as const, id: id.success ? id.data.id : null }
  } catch {
    return { success: false as const, id: null }
  }
}

/** Finds peers that are gone without a word, so that their questions stop. */
function keepAlive(socket: WebSocket, request: FastifyRequest): void {
  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  const timer = setInterval(() => {
    if (!alive) {
      request.log.debug('socket peer is gone')
      return socket.terminate()
    }
    alive = false
    socket.ping()
  }, PING_MS)
  socket.once('close', () => clearInterval(timer))
}
