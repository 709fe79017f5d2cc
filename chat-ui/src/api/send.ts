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
  const response = await fetch(`/api${path}`, {
    method,
    credentials: 'same-origin',
    // A delete may be sent while the page is being left.
    keepalive: method === 'DELETE',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: unknown = text === '' ? null : JSON.parse(text)
  if (response.ok) return json
  const parsed = ErrorBody.safeParse(json)
  const { code, message, data } = parsed.success
    ? parsed.data.error
    : { code: 'INTERNAL', message: 'The server did not answer as expected.', data: {} }
  throw new ApiError(response.status, code, message, data)
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
