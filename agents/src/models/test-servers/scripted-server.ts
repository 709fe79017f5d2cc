import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReplyScript, Script } from './script.ts'

/** A request as it arrived, so that a test can say what was sent. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever body the SDK sent.
  readonly body: any
}

/** How a vendor says things over HTTP. */
export interface WireDialect {
  readonly path: string
  /** The server-sent events of a whole reply. */
  events(script: ReplyScript, body: unknown): string
  errorBody(status: number, type: string | undefined, message: string): unknown
  /** The stream so far, and then an error. */
  errorEvents(text: readonly string[], type: string, message: string): string
}

export interface ScriptedServer {
  readonly url: string
  readonly requests: readonly Received[]
  /** Adds what happens to the next requests, in order. A request beyond the script is answered with 418. */
  play(...scripts: Script[]): void
  /** Sees each request as it comes in, before it is answered. */
  onRequest(listener: (request: Received) => void): void
  close(): Promise<void>
}

/** A model server on loopback that follows a script and speaks the wire of a vendor byte for byte. */
export async function startScriptedServer(dialect: WireDialect): Promise<ScriptedServer> {
  const queue: Script[] = []
  const requests: Received[] = []
  let listener: (request: Received) => void = () => {}

  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString()
    const received = { path: request.url ?? '', headers: request.headers, body: text ? JSON.parse(text) : undefined }
    requests.push(received)
    listener(received)
    const script = queue.shift()
    if (!script || request.url !== dialect.path) {
      response.writeHead(418).end(`not in the script: ${request.method} ${request.url}`)
      return
    }
    await perform(script, dialect, received.body, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    play: (...scripts) => void queue.push(...scripts),
    onRequest: (next) => {
      listener = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function perform(script: Script, dialect: WireDialect, body: unknown, response: ServerResponse): Promise<void> {
  switch (script.kind) {
    case 'hang':
      return
    case 'reset':
      response.socket?.destroy()
      return
    case 'error': {
      const { status, type, message = 'scripted error', headers = {} } = script
      response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers })
      response.end(JSON.stringify(dialect.errorBody(status, type, message)))
      return
    }
    case 'error-event':
      startStream(response)
      response.end(dialect.errorEvents(script.text ?? [], script.type, script.message ?? 'scripted error'))
      return
    case 'reply':
      await stream(script, Buffer.from(dialect.events(script, body)), response)
  }
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' })
}

async function stream(script: ReplyScript, whole: Buffer, response: ServerResponse): Promise<void> {
  startStream(response)
  const bytes = script.cutAfter ? whole.subarray(0, script.cutAfter(whole)) : whole
  for (const chunk of script.chunks?.(bytes) ?? [bytes]) {
    if (response.destroyed) return
    // The callback comes when the chunk has left, so that two chunks are two reads more often than not.
    await new Promise<void>((resolve) => response.write(chunk, () => resolve()))
  }
  if (!script.cutAfter || script.cutBy === 'close') response.end()
  else if (script.cutBy !== 'hang') response.socket?.destroy()
}
