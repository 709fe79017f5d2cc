import { z } from 'zod'

/** An error the gateway answered, with its code. Anything else (no connection) stays a plain error. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly data: Readonly<Record<string, unknown>>

  constructor(status: number, code: string, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.data = data
  }
}

const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), data: z.record(z.string(), z.unknown()).optional() }),
})

/** One request to the gateway; its answer as JSON, null where it has none. @throws ApiError for what it refuses. */
export async function send(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await request(method, path, body)
  const text = await response.text()
  return text === '' ? null : JSON.parse(text)
}

/** A request that is answered by a stream of events. @throws ApiError, also for the event `error`. */
export async function* sendForEvents(
  method: string,
  path: string,
  body?: unknown,
): AsyncGenerator<{ event: string; data: unknown }> {
  const response = await request(method, path, body, { accept: 'text/event-stream' })
  let text = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + part).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (event === undefined || data === undefined) continue
      const json: unknown = JSON.parse(data)
      if (event === 'error') throw apiError(response.status, { error: json })
      yield { event, data: json }
    }
  }
}

async function request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`/api${path}`, {
    method,
    credentials: 'same-origin',
    // A delete may be sent while the page is being left.
    keepalive: method === 'DELETE',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (response.ok) return response
  const text = await response.text()
  throw apiError(response.status, text === '' ? null : JSON.parse(text))
}

function apiError(status: number, json: unknown): ApiError {
  const parsed = ErrorBody.safeParse(json)
  const { code, message, data } = parsed.success
    ? parsed.data.error
    : { code: 'INTERNAL', message: 'The server did not answer as expected.', data: {} }
  return new ApiError(status, code, message, data)
}

/** `?a=1&b=2` of what is there, or nothing. */
export function queryText(values: Readonly<Record<string, string | number | undefined | null>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** What to tell the person of an error of any kind. */
export function problemText(error: unknown): string {
  if (error instanceof ApiError) return error.message
  // What `fetch` throws when nothing answers.
  if (error instanceof TypeError) return 'Plumbline could not be reached. Look at your connection and try again.'
  return 'This page does not understand the server’s answer. Reload the page.'
}
