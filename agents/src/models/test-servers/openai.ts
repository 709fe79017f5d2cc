import { type ReplyScript, usageOf } from './script.ts'
import { type ScriptedServer, startScriptedServer, type WireDialect } from './scripted-server.ts'

interface Body {
  model: string
  stream_options?: { include_usage?: boolean }
}

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`

const chunk = (model: string, delta: object, finish: string | null = null) =>
  event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })

const FINISH = { end: 'stop', length: 'length', refused: 'content_filter' } as const

/** The wire of `POST /v1/chat/completions` with `stream: true`. */
const dialect: WireDialect = {
  path: '/v1/chat/completions',
  events(script: ReplyScript, body: unknown) {
    const { model, stream_options } = body as Body
    const usage = usageOf(script)
    const parts = [': keep-alive\n\n', chunk(model, { role: 'assistant', content: '' })]
    for (const piece of script.text ?? []) parts.push(chunk(model, { content: piece }))
    for (const [index, call] of (script.calls ?? []).entries()) {
      parts.push(
        chunk(model, {
          tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }],
        }),
        ...call.json.map((piece) => chunk(model, { tool_calls: [{ index, function: { arguments: piece } }] })),
      )
    }
    parts.push(chunk(model, {}, script.calls && !script.stop ? 'tool_calls' : FINISH[script.stop ?? 'end']))
    if (stream_options?.include_usage) {
      parts.push(
        event({
          id: 'chatcmpl-1',
          object: 'chat.completion.chunk',
          created: 1,
          model,
          choices: [],
          usage: {
            prompt_tokens: usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
            completion_tokens: usage.outputTokens,
            total_tokens: 0,
            prompt_tokens_details: {
              cached_tokens: usage.cacheReadTokens,
              cache_write_tokens: usage.cacheWriteTokens,
            },
          },
        }),
      )
    }
    parts.push('data: [DONE]\n\n')
    return parts.join('')
  },
  errorBody: (_status, type, message) => ({ error: { message, type: type ?? null, code: type ?? null, param: null } }),
  errorEvents: (text, type, message) =>
    text.map((piece) => chunk('scripted', { content: piece })).join('') +
    event({ error: { message, type, code: type } }),
}

export const startOpenAiServer = (): Promise<ScriptedServer> => startScriptedServer(dialect)
