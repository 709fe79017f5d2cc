import { Answer, AskRequest } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { abortOnClose } from '../abort-on-close.ts'
import type { AskOnce } from '../ask-once.ts'
import { failures } from '../error-reply.ts'
import { EventStream } from '../event-stream.ts'
import { surfaceOf } from '../surface-of.ts'

const schema = {
  tags: ['ask'],
  summary: 'Ask a question',
  description:
    'Answers with one Answer, whatever its status; the status is in the body. With `accept: text/event-stream`, streams the ' +
    'events of AskEvent as `event: <type>` and `data: <json>`; the last is `answer-end`, or `error` when the server itself ' +
    'failed. Dropping the connection stops the work down to the database.',
  body: AskRequest,
  response: { 200: Answer, ...failures },
}

export const askRoute: FastifyPluginAsyncZod<{ ask: AskOnce }> = async (app, { ask }) => {
  app.post('/ask', { config: { rate: 'ask', scope: 'ask', permission: 'ask' }, schema }, async (request, reply) => {
    const { body, principal } = request
    const call = { request: body, principal, surface: surfaceOf(request), wire: abortOnClose(reply.raw) }
    if (!request.headers.accept?.includes('text/event-stream')) return ask(call)

    const stream = new EventStream()
    let ended = false
    ask({
      ...call,
      onEvent: (event) => {
        ended ||= event.type === 'answer-end'
        stream.send(event.type, event)
      },
    })
      .then((answer) => {
        if (!ended) stream.send('answer-end', { type: 'answer-end', answer })
      })
      .catch((thrown: unknown) => {
        request.log.error({ err: thrown }, 'ask failed')
        stream.send('error', toAppError(thrown))
      })
      .finally(() => stream.end())
    // The schema is that of the plain answer; a stream is sent as it is.
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(stream.body as never)
  })
}
