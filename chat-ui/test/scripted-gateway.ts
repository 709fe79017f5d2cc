import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import websocket from '@fastify/websocket'
import type {
  Answer,
  AskEvent,
  AskRequest,
  Me,
  SocketReply,
  Thread,
  ThreadDetail,
  ThreadPage,
  Vote,
} from '@plumbline/tools/contract'
import { Feedback, SocketRequest, ThreadRename } from '@plumbline/tools/contract'
import { fastify } from 'fastify'
import type { WebSocket } from 'ws'
import { SAMPLES, type Sample, SQL, sampleReceipt } from './sample-answers.ts'
import { CATALOG } from './sample-catalog.ts'
import { adminRoutes, newAdmin, offered, type ScriptedAdmin } from './scripted-admin.ts'

/** The policy of agents/src/gateway/plugins/security.ts: what breaks it there breaks it here. */
const policyWith = (nonce: string) =>
  `default-src 'self'; script-src 'self'; style-src 'self'; style-src-elem 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; ` +
  "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; " +
  "frame-ancestors 'none'; form-action 'self'"
export const TOKEN = 'the-token'
/** Runs until it is stopped or released. */
export const SLOW = 'a question that takes long'

export interface ScriptedGateway extends AsyncDisposable {
  readonly url: string
  /** What the page has sent over the socket. */
  readonly asked: AskRequest[]
  readonly votes: Map<string, Vote | null>
  readonly threads: ThreadDetail[]
  readonly admin: ScriptedAdmin
  /** Who has no session is told to sign in. */
  signedOut: boolean
  /** New sockets are refused, as when the server is away. */
  away: boolean
  /** Answers of `GET /api/threads/:id` wait for `release`. */
  hold: boolean
  catalogFails: boolean
  /** The rules let the person see no table. */
  noData: boolean
  /** Threads a page of the list. */
  pageSize: number
  release(): void
  dropSockets(): void
  addThread(title: string, questions: readonly string[], daysAgo?: number): ThreadDetail
}

/** A gateway that speaks the contract and answers from a script, serving the page built in `pageDir`. */
export async function startGateway(pageDir: string): Promise<ScriptedGateway> {
  const app = fastify({ genReqId: () => randomUUID() })
  const html = await readFile(join(pageDir, 'index.html'), 'utf8')
  await app.register(websocket)
  await app.register(fastifyStatic, { root: pageDir, wildcard: false, index: false })
  const sockets = new Set<WebSocket>()
  const waiting = new Set<() => void>()
  const held = () => new Promise<void>((done) => waiting.add(done))
  let nextId = 0

  const gateway: ScriptedGateway = {
    url: '',
    asked: [],
    votes: new Map(),
    threads: [],
    admin: newAdmin(),
    signedOut: false,
    away: false,
    hold: false,
    catalogFails: false,
    noData: false,
    pageSize: 50,
    release() {
      for (const done of waiting) done()
      waiting.clear()
    },
    dropSockets() {
      for (const socket of sockets) socket.terminate()
    },
    addThread(title, questions, daysAgo = 0) {
      const at = new Date(Date.now() - daysAgo * 86_400_000).toISOString()
      const thread: ThreadDetail = {
        id: `t${++nextId}`,
        title,
        createdAt: at,
        updatedAt: at,
        answerCount: 0,
        answers: [],
      }
      for (const question of questions) keep(thread, answerTo(question, thread.id, `a${++nextId}`))
      gateway.threads.unshift(thread)
      return thread
    },
    async [Symbol.asyncDispose]() {
      gateway.dropSockets()
      gateway.release()
      app.server.closeAllConnections()
      await app.close()
    },
  }

  function keep(thread: ThreadDetail, answer: Answer) {
    thread.answers.push({ ...answer, vote: null })
    thread.answerCount = thread.answers.length
    if (answer.approval) gateway.admin.approvals.unshift(offered(answer, answer.approval))
  }

  async function work(request: AskRequest, send: (event: AskEvent) => void, stopped: AbortSignal) {
    gateway.asked.push(request)
    const question = request.choice === undefined ? request.question : 'average departure delay by month'
    const thread = gateway.threads.find((one) => one.id === request.threadId) ?? gateway.addThread(question, [])
    const id = `a${++nextId}`
    // As the assistant does: an answer to a choice is kept under the words of the choice.
    const choices = thread.answers.at(-1)?.clarification?.choices ?? []
    const label = choices.find((choice) => choice.id === request.choice)?.label
    const answer = { ...answerTo(question, thread.id, id), ...(label ? { question: label } : {}) }
    send({ type: 'ask-start', threadId: thread.id, answerId: id })
    for (const step of answer.receipt?.steps ?? sampleReceipt(id, 0).steps.slice(0, 2)) {
      send({ type: 'step-start', name: step.name, title: step.title })
      if (step.name === 'run' && question === SLOW) {
        const ended = Promise.race([held(), new Promise((done) => stopped.addEventListener('abort', done))])
        send({ type: 'sql-proposed', sql: SQL })
        for (const delta of ['The first ', '**words**']) send({ type: 'text-delta', delta })
        await ended
        if (stopped.aborted) {
          const error = { code: 'QUERY_CANCELLED', message: 'Stopped.' }
          const cut: Answer = {
            ...answer,
            status: 'failed',
            text: 'Stopped.',
            columns: [],
            rows: [],
            receipt: null,
            error,
          }
          keep(thread, cut)
          return send({ type: 'answer-end', answer: cut })
        }
      }
      send({ type: 'step-end', ...step, outcome: 'done' })
    }
    keep(thread, answer)
    send({ type: 'answer-end', answer })
  }

  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', policyWith(request.id)).header('x-content-type-options', 'nosniff')
    const open = !request.url.startsWith('/api/') || ['/api/login', '/api/auth/methods'].includes(request.url)
    if (gateway.signedOut && !open && !request.headers.cookie?.includes('plumbline_session='))
      return reply
        .code(401)
        .send({ error: { code: 'UNAUTHENTICATED', message: 'Open the link that the start printed.' } })
    if (gateway.away && request.headers.upgrade)
      return reply.code(503).send({ error: { code: 'AWAY', message: 'Away.' } })
  })
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/api/')
      ? reply.code(404).send({ error: { code: 'NOT_FOUND', message: 'There is nothing at this address.' } })
      : reply
          .type('text/html; charset=utf-8')
          .send(html.replace('</head>', `<meta property="csp-nonce" nonce="${request.id}"></head>`)),
  )

  app.post<{ Body: { token: string } }>('/api/login', (request, reply) =>
    request.body.token === TOKEN
      ? reply.header('set-cookie', 'plumbline_session=yes; HttpOnly; SameSite=Strict; Path=/').code(204).send()
      : reply.code(401).send({
          error: {
            code: 'UNAUTHENTICATED',
            message: 'This token has been used or is unknown: run `plumbline link` for a new one.',
          },
        }),
  )
  app.post('/api/logout', (_request, reply) => {
    gateway.signedOut = true
    return reply.header('set-cookie', 'plumbline_session=; Path=/; Max-Age=0').code(204).send()
  })
  app.get(
    '/api/me',
    (): Me => ({
      principal: { id: 'local', name: 'Ana Silva', roles: ['analyst'] },
      email: 'ana@example.com',
      permissions: gateway.admin.permissions,
      signedInBy: gateway.admin.methods.oidc ? 'oidc' : 'link',
      scopes: null,
      sessionExpiresAt: null,
      model: 'none',
      version: '0.1.0',
    }),
  )
  adminRoutes(app, gateway.admin, (id) =>
    gateway.threads.flatMap((thread) => thread.answers).find((answer) => answer.id === id),
  )
  app.get('/api/catalog', (_request, reply) =>
    gateway.catalogFails
      ? reply.code(500).send({ error: { code: 'INTERNAL', message: 'Broken.' } })
      : reply.send(gateway.noData ? { sources: [] } : CATALOG),
  )
  app.get<{ Querystring: { before?: string } }>('/api/threads', ({ query }): ThreadPage => {
    const from = Number(query.before ?? 0)
    const until = from + gateway.pageSize
    return {
      threads: gateway.threads.slice(from, until).map(({ answers: _, ...thread }): Thread => thread),
      next: until < gateway.threads.length ? String(until) : null,
    }
  })

  const find = (id: string) => gateway.threads.find((thread) => thread.id === id)
  const gone = { error: { code: 'NOT_FOUND', message: 'This thread is gone.' } }
  app.get<{ Params: { id: string } }>('/api/threads/:id', async (request, reply) => {
    if (gateway.hold) await held()
    return find(request.params.id) ?? reply.code(404).send(gone)
  })
  app.patch<{ Params: { id: string } }>('/api/threads/:id', (request, reply) => {
    const thread = find(request.params.id)
    if (!thread) return reply.code(404).send(gone)
    thread.title = ThreadRename.parse(request.body).title
    return reply.send(thread)
  })
  app.delete<{ Params: { id: string } }>('/api/threads/:id', (request, reply) => {
    gateway.threads.splice(0, Infinity, ...gateway.threads.filter((thread) => thread.id !== request.params.id))
    return reply.code(204).send()
  })
  app.put<{ Params: { id: string } }>('/api/answers/:id/feedback', (request, reply) => {
    const { vote } = Feedback.parse(request.body)
    gateway.votes.set(request.params.id, vote)
    for (const { answers } of gateway.threads)
      for (const answer of answers) if (answer.id === request.params.id) answer.vote = vote
    return reply.code(204).send()
  })

  app.get('/api/socket', { websocket: true }, (socket) => {
    sockets.add(socket)
    const running = new Map<string, AbortController>()
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data) => {
      const message = SocketRequest.parse(JSON.parse(String(data)))
      if (message.type === 'stop') return running.get(message.id)?.abort()
      const controller = new AbortController()
      running.set(message.id, controller)
      const send = (event: AskEvent) =>
        socket.send(JSON.stringify({ type: 'event', id: message.id, event } satisfies SocketReply))
      void work(message.request, send, controller.signal)
    })
  })

  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return Object.assign(gateway, { url })
}

function answerTo(question: string, threadId: string, id: string): Answer {
  const sample: Sample = SAMPLES[question] ?? { text: `You asked: ${question}` }
  const status = sample.status ?? 'answered'
  const rows = sample.rows ?? []
  return {
    sql: SQL,
    columns: [],
    chart: null,
    suggestions: [],
    clarification: null,
    approval: null,
    ...sample,
    id,
    threadId,
    question,
    status,
    rows,
    receipt: status === 'answered' ? sampleReceipt(`r-${id}`, rows.length) : null,
    createdAt: new Date().toISOString(),
  }
}
