import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ChatModel, ModelRequest } from '../port.ts'
import { startAnthropicServer } from '../test-servers/anthropic.ts'
import { callTool, reply } from '../test-servers/script.ts'
import type { ScriptedServer } from '../test-servers/scripted-server.ts'
import { vendors } from '../test-servers/vendors.ts'

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: [{ text: 'The schema.', cache: true }, { text: '' }, { text: 'Today.' }],
  messages: [{ role: 'user', text: 'How many?' }],
  maxTokens: 500,
  ...more,
})
const tools = [{ name: 'run_query', description: 'Runs SQL.', inputSchema: { type: 'object', properties: {} } }]
const output = { name: 'count', schema: z.object({ count: z.number().int().min(1), note: z.string().optional() }) }

describe('the wire of Anthropic', () => {
  let server: ScriptedServer
  let model: ChatModel
  beforeEach(async () => {
    server = await startAnthropicServer()
    const vendor = vendors.find(({ name }) => name === 'anthropic')
    if (!vendor) throw new Error('the vendor is gone')
    model = vendor.createModel(server)
  })
  afterEach(() => server.close())

  it('marks the cached prefix of the system prompt and leaves empty blocks out [model.anthropic]', async () => {
    server.play(reply('3'))
    await model.complete(ask({ tools }))
    const [request] = server.requests
    expect(request?.headers['anthropic-version']).toBe('2026-10-21')
    expect(request?.headers).not.toHaveProperty('x-api-key')
    expect(request?.body.system).toEqual([
      { type: 'text', text: 'The schema.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Today.' },
    ])
    expect(request?.body.max_tokens).toBe(500)
    expect(request?.body.tools).toEqual([
      { name: 'run_query', description: 'Runs SQL.', input_schema: { type: 'object', properties: {} } },
    ])
  })

  it('asks for structured output by schema [model.anthropic]', async () => {
    server.play(reply('{"count": 3}'))
    await model.complete(ask({ output }))
    const { format } = server.requests[0]?.body.output_config ?? {}
    expect(format).toMatchObject({
      type: 'json_schema',
      schema: { type: 'object', additionalProperties: false, required: ['count'] },
    })
    // The API refuses bounds; they go into the description and are checked here.
    expect(format.schema.properties.count).not.toHaveProperty('minimum')
    server.play(reply('{"count": 0}'), reply('{"count": 1}'))
    expect((await model.complete(ask({ output }))).output).toEqual({ count: 1 })
  })

  it('asks in words when the API refuses the schema, and remembers it for that schema', async () => {
    const refusal = { kind: 'error', status: 400, message: 'output_config.format.schema: circular $ref' } as const
    server.play(refusal, reply('Here:\n```json\n{"count": 3}\n```'), reply('{"count": 4}'))
    expect((await model.complete(ask({ output }))).output).toEqual({ count: 3 })
    expect((await model.complete(ask({ output }))).output).toEqual({ count: 4 })
    expect(server.requests.map((request) => request.body.output_config !== undefined)).toEqual([true, false, false])
    expect(server.requests[1]?.body.system.at(-1).text).toContain('"count"')
  })

  it('gives signed thinking back unchanged with the results of the tools [model.anthropic]', async () => {
    server.play(
      callTool('run_query', '{"sql":"SELECT 1"}', { thinking: { text: 'Hm.', signature: 'c2ln' }, text: ['Look.'] }),
      reply('One.'),
    )
    const first = await model.complete(ask({ tools }))
    expect(first.text).toBe('Look.')
    await model.complete(
      ask({
        tools,
        messages: [
          { role: 'user', text: 'How many?' },
          { role: 'assistant', text: first.text, toolCalls: first.toolCalls, opaque: first.opaque },
          { role: 'tool', results: [{ id: 'call_a', content: '1' }] },
        ],
      }),
    )
    expect(server.requests[1]?.body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
          { type: 'text', text: 'Look.' },
          { type: 'tool_use', id: 'call_a', name: 'run_query', input: { sql: 'SELECT 1' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_a', content: '1' }] },
    ])
  })

  it('says that the account has no credit left', async () => {
    server.play({ kind: 'error', status: 400, message: 'Your credit balance is too low to access the Anthropic API.' })
    await expect(model.complete(ask())).rejects.toMatchObject({
      code: 'MODEL_KEY_REFUSED',
      message: 'Anthropic reports that the account behind ANTHROPIC_API_KEY has no credit left: top it up.',
    })
  })

  it('does not try again when the vendor says that it would not help', async () => {
    server.play({ kind: 'error', status: 500, headers: { 'x-should-retry': 'false' } })
    await expect(model.complete(ask())).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' })
    expect(server.requests).toHaveLength(1)
  })
})
