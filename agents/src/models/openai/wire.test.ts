import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ChatModel, ModelRequest } from '../port.ts'
import { startOpenAiServer } from '../test-servers/openai.ts'
import { reply } from '../test-servers/script.ts'
import type { ScriptedServer } from '../test-servers/scripted-server.ts'
import { vendors } from '../test-servers/vendors.ts'
import { readOpenAiStream } from './read-stream.ts'

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: [{ text: 'The schema.', cache: true }, { text: 'Today.' }],
  messages: [{ role: 'user', text: 'How many?' }],
  maxTokens: 500,
  ...more,
})
const strict = { name: 'count', schema: z.object({ count: z.number() }) }
const loose = { name: 'count', schema: z.object({ count: z.number(), note: z.string().optional() }) }

describe('the wire of OpenAI and compatible servers', () => {
  let server: ScriptedServer
  let model: ChatModel
  beforeEach(async () => {
    server = await startOpenAiServer()
    const vendor = vendors.find(({ name }) => name === 'openai')
    if (!vendor) throw new Error('the vendor is gone')
    model = vendor.createModel(server)
  })
  afterEach(() => server.close())

  it('joins the system prompt and asks a compatible server in the older words [model.openai]', async () => {
    server.play(reply('3'))
    await model.complete(ask())
    expect(server.requests[0]?.body).toMatchObject({
      messages: [
        { role: 'system', content: 'The schema.\n\nToday.' },
        { role: 'user', content: 'How many?' },
      ],
      max_tokens: 500,
      stream_options: { include_usage: true },
    })
  })

  it('asks for structured output by schema, strictly where the schema allows it [model.openai]', async () => {
    server.play(reply('{"count": 3}'), reply('{"count": 3}'))
    await model.complete(ask({ output: strict }))
    await model.complete(ask({ output: loose }))
    const formats = server.requests.map((request) => request.body.response_format)
    expect(formats[0]).toMatchObject({ type: 'json_schema', json_schema: { name: 'count', strict: true } })
    expect(formats[1]).toMatchObject({ type: 'json_schema', json_schema: { strict: false } })
  })

  it('falls back to JSON mode and then to words, and remembers what the server takes [model.openai]', async () => {
    const refusal = {
      kind: 'error',
      status: 400,
      message: "response_format.type 'json_schema' is not supported",
    } as const
    server.play(refusal, refusal, reply('Sure! {"count": 3}'), reply('{"count": 4}'))
    expect((await model.complete(ask({ output: strict }))).output).toEqual({ count: 3 })
    expect((await model.complete(ask({ output: strict }))).output).toEqual({ count: 4 })
    expect(server.requests.map((request) => request.body.response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
      undefined,
    ])
    expect(server.requests[1]?.body.messages[0].content).toContain('"count"')
  })

  it('shows the first refusal when no way of asking helps', async () => {
    const error = (message: string) => ({ kind: 'error', status: 400, message }) as const
    server.play(error('the first'), error('the second'), error('the third'))
    await expect(model.complete(ask({ output: strict }))).rejects.toMatchObject({
      code: 'MODEL_REQUEST_INVALID',
      message: expect.stringContaining('the first'),
    })
  })

  it('learns which name of the token limit a server takes', async () => {
    const message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    server.play({ kind: 'error', status: 400, message }, reply('3'), reply('4'))
    await model.complete(ask())
    await model.complete(ask())
    expect(server.requests.map((request) => 'max_completion_tokens' in request.body)).toEqual([false, true, true])
  })

  it('estimates the bill of a server that does not report usage [model.openai]', async () => {
    server.play({ kind: 'error', status: 400, message: 'unknown field: stream_options' }, reply('Three flights.'))
    const answer = await model.complete(ask())
    expect(server.requests[1]?.body).not.toHaveProperty('stream_options')
    expect(answer.usage.outputTokens).toBeGreaterThan(2)
    expect(answer.usage.inputTokens).toBeGreaterThan(5)
  })

  it('does not wait for an account without credit', async () => {
    server.play({ kind: 'error', status: 429, type: 'insufficient_quota' })
    await expect(model.complete(ask())).rejects.toMatchObject({ code: 'MODEL_KEY_REFUSED' })
    expect(server.requests).toHaveLength(1)
  })

  it('names a compatible server by its address', async () => {
    server.play({ kind: 'error', status: 401 })
    await expect(model.complete(ask())).rejects.toMatchObject({
      message: expect.stringMatching(/^The model server at 127\.0\.0\.1:\d+ refused the key: check OPENAI_API_KEY/),
    })
  })

  it('tells calls apart that a server sends whole, all under index 0', async () => {
    const call = (id: string, json: string) => ({
      choices: [
        { index: 0, delta: { tool_calls: [{ index: 0, id, function: { name: 'run_query', arguments: json } }] } },
      ],
    })
    async function* chunks() {
      yield call('a', '{"n":1}')
      yield call('b', '{"n":2}')
      yield { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
    }
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 }
    const result = await readOpenAiStream(chunks() as unknown as Parameters<typeof readOpenAiStream>[0], {
      onText() {},
      onUsage() {},
      estimate: () => usage,
    })
    expect(result?.toolCalls.map(({ id, json }) => [id, json])).toEqual([
      ['a', '{"n":1}'],
      ['b', '{"n":2}'],
    ])
  })

  it('reports a server that is not there', async () => {
    await server.close()
    await expect(model.complete(ask())).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringContaining('can not be reached'),
    })
  })
})
