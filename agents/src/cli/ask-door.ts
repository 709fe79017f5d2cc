import { Answer, type AskRequest } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { Config } from '../config.ts'
import { readApiToken, readServerFile } from '../gateway/local-files.ts'

/** Where questions go: to the running server, or to an assistant in this process. */
export interface AskDoor {
  ask(request: AskRequest, signal: AbortSignal): Promise<Answer>
  close(): Promise<void>
}

export async function openAskDoor(config: Config): Promise<AskDoor> {
  return (await serverDoor(config)) ?? ownDoor(config)
}

/** The server that works on this data directory, when it answers. */
async function serverDoor(config: Config): Promise<AskDoor | null> {
  const running = await runningServer(config)
  if (!running) return null
  return {
    async ask(request, signal) {
      return Answer.parse(await running.call('POST', '/api/ask', request, signal))
    },
    close: async () => {},
  }
}

export interface RunningServer {
  readonly url: string
  call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown>
  /** A reply to read bit by bit, in the format that is asked for. */
  open(path: string, accept: string, body?: unknown): Promise<ReadableStream<Uint8Array>>
}

/** The server of this data directory, or null when none answers. */
export async function runningServer(config: Config): Promise<RunningServer | null> {
  const server = readServerFile(config.dataDir)
  const token = readApiToken(config.dataDir)
  if (!server || !token) return null
  const alive = await fetch(`${server.url}/api/health`, { signal: AbortSignal.timeout(2000) }).catch(() => null)
  if (!alive) return null
  const send = async (
    method: string,
    path: string,
    init: { body?: unknown; signal?: AbortSignal; accept?: string },
  ) => {
    const { body, signal, accept } = init
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-plumbline-client': 'cli',
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw new AppError('QUERY_CANCELLED', 'Stopped.', { cause })
      throw new AppError(
        'STATE_UNAVAILABLE',
        `The server at ${server.url} does not answer: stop it and start it again.`,
        { cause },
      )
    })
    if (response.ok) return response
    const json: unknown = await response.json().catch(() => null)
    throw toAppError((json as { error?: unknown } | null)?.error)
  }
  return {
    url: server.url,
    async call(method, path, body, signal) {
      const response = await send(method, path, { body, ...(signal ? { signal } : {}) })
      return response.json().catch(() => null)
    },
    async open(path, accept, body) {
      const response = await send(body === undefined ? 'GET' : 'POST', path, { accept, body })
      return response.body ?? new ReadableStream({ start: (controller) => controller.close() })
    },
  }
}

/** Loaded only here: a command that talks to a server need not wait for the graphs and the database. */
async function ownDoor(config: Config): Promise<AskDoor> {
  const [{ openState }, { createAssistant }, { localPrincipal }] = await Promise.all([
    import('../state/index.ts'),
    import('../assistant/create-assistant.ts'),
    import('../assistant/local-principal.ts'),
  ])
  const opening = openState(config)
  const [opened, made] = await Promise.allSettled([opening, createAssistant(config, opening)])
  if (opened.status === 'rejected') throw opened.reason
  if (made.status === 'rejected') {
    await opened.value.close()
    throw made.reason
  }
  const assistant = made.value
  return {
    ask: (request, signal) => assistant.ask(request, { principal: localPrincipal, surface: 'cli', signal }),
    async close() {
      await assistant.close()
      await opened.value.close()
    },
  }
}
