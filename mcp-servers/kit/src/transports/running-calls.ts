import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import {
  isInitializeRequest,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
} from '@modelcontextprotocol/sdk/types.js'

const SESSION = 'mcp-session-id'

/**
 * The requests that HTTP clients wait for, so that a cancellation, which arrives as a request of its own, finds its query.
 * The session id is nothing but the name they are kept under: request ids alone are the same for every client. No session
 * is stored, an id is too long to guess, and all that one can do with it is to cancel.
 */
export class RunningCalls {
  private readonly waiting = new Map<string, ServerResponse>()

  /** What to do with each message of one HTTP request whose header names `session`. */
  listener(session: string | undefined, response: ServerResponse): (message: JSONRPCMessage) => void {
    return (message) => {
      if (isInitializeRequest(message)) response.setHeader(SESSION, randomUUID())
      if (session === undefined) return
      if (isJSONRPCRequest(message)) this.keep(keyOf(session, message.id), response)
      else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
        const id = message.params?.requestId
        if (typeof id === 'string' || typeof id === 'number') this.cancel(keyOf(session, id))
      }
    }
  }

  private keep(key: string, response: ServerResponse): void {
    this.waiting.set(key, response)
    response.once('close', () => {
      if (this.waiting.get(key) === response) this.waiting.delete(key)
    })
  }

  /** MCP answers nothing to a cancelled request: 202 ends it, and its end stops the work, as a broken connection does. */
  private cancel(key: string): void {
    const response = this.waiting.get(key)
    if (response && !response.headersSent) response.writeHead(202).end()
  }
}

/** The session that a request names; a header sent twice names none. */
export function sessionOf(headers: NodeJS.Dict<string | string[]>): string | undefined {
  const session = headers[SESSION]
  return typeof session === 'string' ? session : undefined
}

const keyOf = (session: string, id: string | number) => `${session} ${typeof id} ${id}`
