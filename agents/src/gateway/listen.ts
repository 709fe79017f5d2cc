import type { Socket } from 'node:net'
import { AppError } from '@plumbline/tools/errors'
import type { FastifyInstance } from 'fastify'
import { baseUrlOf } from './base-url.ts'

/** After this, connections that are still open are cut. */
const CUT_AFTER_MS = 1500

export interface Listening {
  /** For this machine's browser. */
  readonly url: string
  /** Closes within two seconds: questions are stopped, then what hangs on is cut. */
  close(): Promise<void>
}

/** Listens. @throws PORT_TAKEN or CONFIG_INVALID, in one line that says what to do. */
export async function listen(app: FastifyInstance, where: { host: string; port: number }): Promise<Listening> {
  const { host, port } = where
  // Node forgets a connection once it is a WebSocket, and then waits for its peer for ever.
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw listenError(error, host, port)
  }
  return {
    url: baseUrlOf(app.server, host)(),
    async close() {
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, CUT_AFTER_MS)
      try {
        await app.close()
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE': {
      const next = port >= 65535 ? 3000 : port + 1
      const message = `Port ${port} is taken by another program: stop it, or start with PLUMBLINE_PORT=${next}.`
      return new AppError('PORT_TAKEN', message, { cause: error, data: { port } })
    }
    case 'EACCES':
      return new AppError(
        'CONFIG_INVALID',
        `This login may not use port ${port}: set PLUMBLINE_PORT to one above 1023.`,
        {
          cause: error,
        },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AppError('CONFIG_INVALID', `PLUMBLINE_HOST \`${host}\` is not an address of this machine.`, {
        cause: error,
      })
    default:
      return error
  }
}
