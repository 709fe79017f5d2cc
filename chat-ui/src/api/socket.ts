import { type AskEvent, type AskRequest, SocketReply } from '@plumbline/tools/contract'
import { ref } from 'vue'

interface Listener {
  readonly onEvent: (event: AskEvent) => void
  /** The connection went away, or the gateway refused: no further event comes. */
  readonly onError: (code: string, message: string) => void
}

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 10_000

/** One WebSocket for the page; it comes back by itself. Asks that ran on a lost connection end with CONNECTION_LOST. */
export class AskSocket {
  /** False from the moment a connection was lost until it is back; the first connect is not a loss. */
  readonly lost = ref(false)
  /** Counts the closed connections: each is a reason to ask whether the session still holds. */
  readonly closes = ref(0)
  private socket: WebSocket | null = null
  private readonly listeners = new Map<string, Listener>()
  private waiting: string[] = []
  private retryMs = FIRST_RETRY_MS
  private nextId = 0

  ask(request: AskRequest, listener: Listener): { stop: () => void } {
    const id = String(++this.nextId)
    this.listeners.set(id, listener)
    this.send({ type: 'ask', id, request })
    return { stop: () => this.send({ type: 'stop', id }) }
  }

  private send(message: object): void {
    const text = JSON.stringify(message)
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text)
    else {
      this.waiting.push(text)
      this.connect()
    }
  }

  connect(): void {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/socket`)
    this.socket = socket
    socket.onopen = () => {
      this.lost.value = false
      this.retryMs = FIRST_RETRY_MS
      for (const text of this.waiting.splice(0)) socket.send(text)
    }
    socket.onmessage = (message) => this.receive(String(message.data))
    socket.onclose = () => this.reconnect()
  }

  private receive(text: string): void {
    const json: unknown = JSON.parse(text)
    const parsed = SocketReply.safeParse(json)
    if (!parsed.success) {
      // A page that is older than the server: the question must not seem to run for ever.
      const { id } = (json ?? {}) as { id?: unknown }
      const waiting = typeof id === 'string' ? this.listeners.get(id) : undefined
      if (typeof id === 'string') this.listeners.delete(id)
      waiting?.onError('INTERNAL', 'This page does not understand the server’s answer. Reload the page.')
      return
    }
    const reply = parsed.data
    const listener = reply.id === null ? undefined : this.listeners.get(reply.id)
    if (!listener || reply.id === null) return
    if (reply.type === 'error') {
      this.listeners.delete(reply.id)
      listener.onError(reply.code, reply.message)
      return
    }
    if (reply.event.type === 'answer-end') this.listeners.delete(reply.id)
    listener.onEvent(reply.event)
  }

  private reconnect(): void {
    this.lost.value = true
    this.closes.value++
    this.waiting = []
    for (const [id, listener] of this.listeners) {
      this.listeners.delete(id)
      listener.onError('CONNECTION_LOST', 'The connection was lost before the answer came.')
    }
    setTimeout(() => this.connect(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS)
  }
}

export const askSocket = new AskSocket()
