import { type ReplyScript, usageOf } from './script.ts'
import { type ScriptedServer, startScriptedServer, type WireDialect } from './scripted-server.ts'

const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`

function start(model: unknown, inputTokens = 100, cacheReadTokens = 0, cacheWriteTokens = 0): string {
  return event('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      usage: {
        input_tokens: inputTokens,
        cache_read_input_tokens: cacheReadTokens,
        cache_creation_input_tokens: cacheWriteTokens,
        output_tokens: 1,
      },
    },
  })
}

function block(index: number, content: object, deltas: readonly object[]): string {
  return [
    event('content_block_start', { index, content_block: content }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ].join('')
}

const textBlock = (index: number, text: readonly string[]) =>
  block(
    index,
    { type: 'text', text: '' },
    text.map((piece) => ({ type: 'text_delta', text: piece })),
  )

const STOP = { end: 'end_turn', length: 'max_tokens', refused: 'refusal' } as const

const ERROR_TYPE: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

/** The wire of `POST /v1/messages` as the API documents it, pings included. */
const dialect: WireDialect = {
  path: '/v1/messages',
  events(script: ReplyScript, body: unknown) {
    const usage = usageOf(script)
    const parts = [
      start((body as { model: string }).model, usage.inputTokens, usage.cacheReadTokens, usage.cacheWriteTokens),
    ]
    let index = 0
    if (script.thinking) {
      parts.push(
        block(index++, { type: 'thinking', thinking: '', signature: '' }, [
          { type: 'thinking_delta', thinking: script.thinking.text },
          { type: 'signature_delta', signature: script.thinking.signature },
        ]),
      )
    }
    parts.push(event('ping', {}))
    if (script.text) parts.push(textBlock(index++, script.text))
    for (const call of script.calls ?? []) {
      parts.push(
        block(
          index++,
          { type: 'tool_use', id: call.id, name: call.name, input: {} },
          call.json.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
        ),
      )
    }
    const stop = script.calls && !script.stop ? 'tool_use' : STOP[script.stop ?? 'end']
    parts.push(
      event('message_delta', {
        delta: { stop_reason: stop, stop_sequence: null },
        usage: { output_tokens: usage.outputTokens },
      }),
      event('message_stop', {}),
    )
    return parts.join('')
  },
  errorBody: (status, type, message) => ({
    type: 'error',
    error: { type: type ?? ERROR_TYPE[status] ?? 'api_error', message },
    request_id: 'req_1',
  }),
  errorEvents: (text, type, message) =>
    start('scripted') + textBlock(0, text) + event('error', { error: { type, message } }),
}

export const startAnthropicServer = (): Promise<ScriptedServer> => startScriptedServer(dialect)
