import { Catalog, Me, ThreadDetail, ThreadPage, type Vote } from '@plumbline/tools/contract'
import { z } from 'zod'

/** An error the gateway answered, with its code. Anything else (no connection) stays a plain error. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
  }
}

const ErrorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

async function send(method: string, path: string, body?: unknown): Promise<unknown> {
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
  const { code, message } = parsed.success
    ? parsed.data.error
    : { code: 'INTERNAL', message: 'The server did not answer as expected.' }
  throw new ApiError(response.status, code, message)
}

const id = encodeURIComponent

export const api = {
  me: async () => Me.parse(await send('GET', '/me')),
  catalog: async () => Catalog.parse(await send('GET', '/catalog')),
  /** Newest first; `before` is the `next` of the page before. */
  threads: async (before: string | null) =>
    ThreadPage.parse(await send('GET', before === null ? '/threads' : `/threads?before=${id(before)}`)),
  thread: async (threadId: string) => ThreadDetail.parse(await send('GET', `/threads/${id(threadId)}`)),
  renameThread: (threadId: string, title: string) => send('PATCH', `/threads/${id(threadId)}`, { title }),
  deleteThread: (threadId: string) => send('DELETE', `/threads/${id(threadId)}`),
  vote: (answerId: string, vote: Vote | null) => send('PUT', `/answers/${id(answerId)}/feedback`, { vote }),
  login: (token: string) => send('POST', '/login', { token }),
}
