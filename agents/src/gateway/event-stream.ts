import { PassThrough } from 'node:stream'

/** Often enough for proxies that cut silent connections after 30 s. */
const KEEP_ALIVE_MS = 15_000

/** A `text/event-stream` to write to: `event: <name>` and `data: <json>`, with comments while nothing happens. */
export class EventStream {
  readonly body = new PassThrough()
  readonly #timer: NodeJS.Timeout

  constructor() {
    // A first byte, so that the headers leave at once.
    this.body.write(': ok\n\n')
    this.#timer = setInterval(() => this.body.write(': still here\n\n'), KEEP_ALIVE_MS)
    this.body.once('close', () => clearInterval(this.#timer))
  }

  send(event: string, data: unknown): void {
    if (this.body.writable) this.body.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  end(): void {
    clearInterval(this.#timer)
    if (this.body.writable) this.body.end()
  }
}
