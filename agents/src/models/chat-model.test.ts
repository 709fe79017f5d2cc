import { inspect } from 'node:util'
import { AppError } from '@plumbline/tools/errors'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Budget } from './budget.ts'
import type { ChatModel, ModelRequest } from './port.ts'
import { callTool, type ReplyScript, reply } from './test-servers/script.ts'
import type { ScriptedServer } from './test-servers/scripted-server.ts'
import { instantClock, KEY, vendors } from './test-servers/vendors.ts'

const ask = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: [{ text: 'You are terse.', cache: true }, { text: 'Today is Monday.' }],
  messages: [{ role: 'user', text: 'How many?' }],
  maxTokens: 500,
  ...more,
})

const tools = [
  {
    name: 'run_query',
    description: 'Runs SQL.',
    inputSchema: { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] },
  },
]
const Count = z.object({ count: z.number().int(), note: z.string() })
const output = { name: 'count', schema: Count }

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

describe.each(vendors)('a model of $name', (vendor) => {
  let server: ScriptedServer
  let model: ChatModel
  beforeEach(async () => {
    server = await vendor.startServer()
    model = vendor.createModel(server)
  })
  afterEach(() => server.close())

  it('takes its key and question nowhere else when its server redirects', async () => {
    const elsewhere = await vendor.startServer()
    elsewhere.play(reply(['stolen']))
    const path = vendor.name === 'openai' ? '/v1/chat/completions' : '/v1/messages'
    for (const status of [302, 307, 308]) {
      server.play(...Array(3).fill({ kind: 'error', status, headers: { location: `${elsewhere.url}${path}` } }))
    }
    for (let n = 0; n < 3; n++) await failure(model.complete(ask()))
    expect(server.requests.length).toBeGreaterThanOrEqual(3)
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })

  it(`streams the text and reports tokens and cost [model.${vendor.name}]`, async () => {
    server.play(
      reply(['336', ',776 ', 'flights ✈'], {
        usage: { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 5000, cacheWriteTokens: 300 },
      }),
    )
    const deltas: string[] = []
    const answer = await model.complete(ask(), { onTextDelta: (delta) => deltas.push(delta) })
    expect(answer).toMatchObject({
      text: '336,776 flights ✈',
      stopReason: 'end',
      toolCalls: [],
      attempts: 1,
      priced: true,
      usage: { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 5000, cacheWriteTokens: 300 },
      model: 'test-model',
    })
    expect(answer.costUsd).toBeCloseTo((1000 * 1 + 200 * 10 + 5000 * 0.1 + 300 * 2) / 1e6, 12)
    expect(deltas.filter((delta) => delta !== '')).toEqual(['336', ',776 ', 'flights ✈'])
  })

  it(`sends the key as a bearer token and nothing that newer models refuse [model.${vendor.name}]`, async () => {
    server.play(reply('3'))
    await model.complete(ask())
    const [request] = server.requests
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect(request?.body).toMatchObject({ model: 'test-model', stream: true })
    for (const name of ['temperature', 'top_p', 'top_k']) expect(request?.body).not.toHaveProperty(name)
  })

  it(`calls tools and takes their results in the next turn [model.${vendor.name}]`, async () => {
    server.play(callTool('run_query', ['{"sql": "SELECT', ' 1"}'], { text: ['Let me look.'] }), reply('One.'))
    const first = await model.complete(ask({ tools }))
    expect(first).toMatchObject({
      text: 'Let me look.',
      stopReason: 'tools',
      toolCalls: [{ id: 'call_a', name: 'run_query', input: { sql: 'SELECT 1' } }],
    })
    const second = await model.complete(
      ask({
        tools,
        messages: [
          { role: 'user', text: 'How many?' },
          { role: 'assistant', text: first.text, toolCalls: first.toolCalls },
          { role: 'tool', results: [{ id: 'call_a', content: 'no such table', isError: true }] },
        ],
      }),
    )
    expect(second.text).toBe('One.')
    expect(JSON.stringify(server.requests[1]?.body.messages)).toContain('no such table')
  })

  it(`gives a structured answer, validated [model.${vendor.name}]`, async () => {
    server.play(reply(['{"count": 3', ', "note": "ok"}']))
    const deltas: string[] = []
    const answer = await model.complete(ask({ output }), { onTextDelta: (delta) => deltas.push(delta) })
    expect(answer.output).toEqual({ count: 3, note: 'ok' })
    expect(deltas).toEqual([])
  })

  it('asks once more when the structured answer does not fit, and says what is wrong', async () => {
    server.play(reply('{"count": "three"}'), reply('{"count": 3, "note": ""}'))
    const answer = await model.complete(ask({ output }))
    expect(answer).toMatchObject({ output: { count: 3, note: '' }, attempts: 2, usage: { inputTokens: 200 } })
    const repair = JSON.stringify(server.requests[1]?.body.messages.at(-1))
    expect(repair).toContain('expected number')
    expect(repair).toContain('note')
  })

  it('fails with MODEL_OUTPUT_INVALID when the repair is no better', async () => {
    server.play(reply('no'), reply('{}'))
    const error = await failure(model.complete(ask({ output })))
    expect(error.code).toBe('MODEL_OUTPUT_INVALID')
    expect(server.requests).toHaveLength(2)
  })

  it('repairs malformed tool input once, telling the model what was wrong', async () => {
    server.play(callTool('run_query', '{"sql": SELECT'), callTool('run_query', '{"sql": "SELECT 1"}'))
    const answer = await model.complete(ask({ tools }))
    expect(answer.toolCalls).toEqual([{ id: 'call_a', name: 'run_query', input: { sql: 'SELECT 1' } }])
    expect(JSON.stringify(server.requests[1]?.body.messages.at(-1))).toContain('not valid JSON')
  })

  it('fails when tool input stays malformed', async () => {
    server.play(callTool('run_query', '{"sql":'), callTool('run_query', '[1]'))
    expect((await failure(model.complete(ask({ tools })))).code).toBe('MODEL_OUTPUT_INVALID')
  })

  it('does not accept a call of a tool that does not exist', async () => {
    server.play(callTool('drop_table', '{}'), reply('I can not.'))
    const answer = await model.complete(ask({ tools }))
    expect(answer).toMatchObject({ text: 'I can not.', toolCalls: [], stopReason: 'end' })
    expect(JSON.stringify(server.requests[1]?.body.messages.at(-1))).toContain('The tools are: run_query')
  })

  it('says when the answer was cut at the token limit', async () => {
    server.play(reply('Half of', { stop: 'length' }))
    expect(await model.complete(ask())).toMatchObject({ text: 'Half of', stopReason: 'length' })
  })

  it('does not repair JSON that was cut at the token limit, nor run a call that was', async () => {
    server.play(reply('{"count": 3, "no', { stop: 'length' }), callTool('run_query', '', { stop: 'length' }))
    const error = await failure(model.complete(ask({ output })))
    expect(error.code).toBe('MODEL_OUTPUT_INVALID')
    expect(error.message).toContain('500 tokens')
    expect((await failure(model.complete(ask({ tools })))).code).toBe('MODEL_OUTPUT_INVALID')
    expect(server.requests).toHaveLength(2)
  })

  it('passes a refusal on as a stop reason, also of a structured answer', async () => {
    server.play(reply('I will not.', { stop: 'refused' }), reply('', { stop: 'refused' }))
    expect(await model.complete(ask())).toMatchObject({ stopReason: 'refused', text: 'I will not.' })
    const answer = await model.complete(ask({ output }))
    expect(answer.stopReason).toBe('refused')
    expect(answer).not.toHaveProperty('output')
  })

  describe('when the vendor fails', () => {
    it('waits as long as retry-after says and tries again [model.retry]', async () => {
      const clock = instantClock()
      model = vendor.createModel(server, { clock })
      server.play({ kind: 'error', status: 429, headers: { 'retry-after': '7' } }, reply('3'))
      expect(await model.complete(ask())).toMatchObject({ text: '3', attempts: 2 })
      expect(clock.pauses).toEqual([7000])
    })

    it.each([500, 502, 503, 529])('tries again after %i with a growing pause [model.retry]', async (status) => {
      const clock = instantClock()
      model = vendor.createModel(server, { clock })
      server.play({ kind: 'error', status }, { kind: 'error', status }, reply('3'))
      expect((await model.complete(ask())).text).toBe('3')
      expect(clock.pauses).toEqual([100, 200])
    })

    it('tries again when the connection is closed without an answer [model.retry]', async () => {
      server.play({ kind: 'reset' }, reply('3'))
      expect((await model.complete(ask())).attempts).toBe(2)
    })

    it('gives up after the last try and says so [model.retry]', async () => {
      const overloaded = { kind: 'error', status: 529 } as const
      server.play(overloaded, overloaded, overloaded)
      const error = await failure(model.complete(ask()))
      expect(error.code).toBe('MODEL_OVERLOADED')
      expect(error.message).toMatch(/overloaded\. Tried 3 times in 0\.3 s\. Try again/)
      expect(server.requests).toHaveLength(3)
    })

    it('gives up at once when the pause would pass the deadline [model.retry]', async () => {
      server.play({ kind: 'error', status: 429, headers: { 'retry-after': '120' } })
      const error = await failure(model.complete(ask()))
      expect(error.code).toBe('MODEL_RATE_LIMITED')
      expect(error.message).toContain('Try again in 120 s')
      expect(server.requests).toHaveLength(1)
    })

    it.each([
      [401, 'MODEL_KEY_REFUSED', /refused the key: check [A-Z]+_API_KEY/],
      [403, 'MODEL_KEY_REFUSED', /PLUMBLINE_MODEL/],
      [404, 'MODEL_REQUEST_INVALID', /does not know the model `test-model`/],
      [400, 'MODEL_REQUEST_INVALID', /refused the request: scripted error/],
      [413, 'MODEL_REQUEST_INVALID', /refused the request/],
    ])('does not try %i again', async (status, code, message) => {
      server.play({ kind: 'error', status })
      const error = await failure(model.complete(ask()))
      expect(error.code).toBe(code)
      expect(error.message).toMatch(message)
      expect(server.requests).toHaveLength(1)
    })

    it('never repeats the key, even when the vendor echoes it', async () => {
      server.play(
        { kind: 'error', status: 401, message: `Incorrect API key provided: ${KEY}` },
        { kind: 'error', status: 400, message: `Bad header Bearer ${KEY}` },
      )
      for (let i = 0; i < 2; i++) {
        const error = await failure(model.complete(ask()))
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY)
        expect(JSON.stringify(error)).not.toContain(KEY)
      }
      expect(inspect(model, { depth: 9, showHidden: true })).not.toContain(KEY)
    })

    it('tries again when an error arrives in the stream before any text [model.retry]', async () => {
      server.play({ kind: 'error-event', type: vendor.overloadedType }, reply('3'))
      expect(await model.complete(ask(), { onTextDelta: () => {} })).toMatchObject({ text: '3', attempts: 2 })
    })

    it('stops in the middle of a pause when the question is stopped', async () => {
      const controller = new AbortController()
      const clock = instantClock()
      model = vendor.createModel(server, {
        clock: {
          ...clock,
          sleep: (_ms, signal) =>
            new Promise((_, reject) => {
              signal?.addEventListener('abort', () => reject(signal.reason))
              controller.abort()
            }),
        },
      })
      server.play({ kind: 'error', status: 429 })
      expect((await failure(model.complete(ask(), { signal: controller.signal }))).code).toBe('QUERY_CANCELLED')
      expect(server.requests).toHaveLength(1)
    })
  })

  describe('when the stream breaks', () => {
    const middle = (whole: Buffer) => whole.indexOf('cut here') + 4
    const cut = (cutBy: ReplyScript['cutBy']): ReplyScript =>
      reply(['Good so far, ', 'cut here, never whole'], { cutAfter: middle, ...(cutBy ? { cutBy } : {}) })

    it.each(['reset', 'close'] as const)('starts again when nobody saw the text (%s) [model.retry]', async (cutBy) => {
      server.play(cut(cutBy), reply('Whole.'))
      expect(await model.complete(ask())).toMatchObject({ text: 'Whole.', attempts: 2 })
    })

    it('notices a stream that ends cleanly between two events, without its end', async () => {
      const atEvent = (whole: Buffer) => whole.indexOf('\n\n', whole.indexOf('cut here')) + 2
      server.play({ ...cut('close'), cutAfter: atEvent }, reply('Whole.'))
      expect(await model.complete(ask())).toMatchObject({ text: 'Whole.', attempts: 2 })
    })

    it('does not show a second beginning after text was shown, but fails', async () => {
      server.play(cut('reset'), reply('Whole.'))
      const deltas: string[] = []
      const error = await failure(model.complete(ask(), { onTextDelta: (delta) => deltas.push(delta) }))
      expect(error.code).toBe('MODEL_STREAM_CUT')
      expect(error.info.retry).toBe(true)
      expect(deltas.join('')).toBe('Good so far, ')
      expect(server.requests).toHaveLength(1)
    })

    it('restarts cleanly for a reader that can forget', async () => {
      server.play(cut('reset'), reply('Whole.'))
      let shown = ''
      const answer = await model.complete(ask(), {
        onTextDelta: (delta) => {
          shown += delta
        },
        onTextRestart: () => {
          shown = ''
        },
      })
      expect(shown).toBe('Whole.')
      expect(answer.text).toBe('Whole.')
    })

    it('gives up on a stream that falls silent', async () => {
      model = vendor.createModel(server, {
        idleMs: 30,
        policy: { maxAttempts: 1, deadlineMs: 60_000, baseDelayMs: 0, maxDelayMs: 0 },
      })
      server.play(cut('hang'))
      expect((await failure(model.complete(ask()))).code).toBe('MODEL_STREAM_CUT')
    })

    it('gives up on a server that accepts and never answers', async () => {
      model = vendor.createModel(server, { firstByteMs: 30 })
      server.play({ kind: 'hang' }, reply('3'))
      expect(await model.complete(ask())).toMatchObject({ text: '3', attempts: 2 })
    })

    it('stops at once when the question is stopped, before the headers and in the stream', async () => {
      for (const script of [{ kind: 'hang' } as const, cut('hang')]) {
        const controller = new AbortController()
        server.onRequest(() => {
          if (script.kind === 'hang') controller.abort()
        })
        server.play(script)
        const error = await failure(
          model.complete(ask(), { signal: controller.signal, onTextDelta: () => controller.abort() }),
        )
        expect(error.code).toBe('QUERY_CANCELLED')
      }
    })
  })

  describe('within a budget', () => {
    it('does not send what might exceed the tokens, and says the number [model.budget]', async () => {
      const budget = new Budget({ maxTokens: 400, maxUsd: 1 })
      const error = await failure(model.complete(ask(), { budget }))
      expect(error.code).toBe('BUDGET_EXCEEDED')
      expect(error.message).toContain('400')
      expect(server.requests).toHaveLength(0)
    })

    it('does not send what might exceed the money [model.budget]', async () => {
      const budget = new Budget({ maxTokens: 100_000, maxUsd: 0.006 })
      server.play(reply('3', { usage: { inputTokens: 1000, outputTokens: 300 } }))
      await model.complete(ask(), { budget })
      expect(budget.spent.usd).toBeCloseTo(0.004, 9)
      const error = await failure(model.complete(ask(), { budget }))
      expect(error.code).toBe('BUDGET_EXCEEDED')
      expect(error.message).toContain('$0.0020')
      expect(server.requests).toHaveLength(1)
    })

    it('charges a repair and the part of a stream that was cut [model.budget]', async () => {
      const budget = new Budget({ maxTokens: 100_000, maxUsd: 1 })
      server.play(reply('no'), reply('{"count": 3, "note": ""}'))
      await model.complete(ask({ output }), { budget })
      expect(budget.spent.tokens).toBe(220)
      server.play(reply(['so far', 'cut'], { cutAfter: (whole) => whole.indexOf('cut') }), reply('Whole.'))
      await model.complete(ask(), { budget })
      expect(budget.spent.tokens).toBeGreaterThan(220 + 110)
    })
  })

  it('reads the same reply wherever the bytes are split', async () => {
    const script = (cuts: readonly number[]): ReplyScript => ({
      kind: 'reply',
      text: ['Größe 😀', '\n\ndata: x', ' end'],
      calls: [{ id: 'call_a', name: 'run_query', json: ['{"sql": "SELECT \'é', '\\n\'"}'] }],
      chunks: (whole) => {
        const places = [0, ...cuts.map((cut) => cut % whole.length).sort((a, b) => a - b), whole.length]
        return places.slice(1).map((end, i) => whole.subarray(places[i], end))
      },
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 5000 }), { maxLength: 40 }), async (cuts) => {
        server.play(script(cuts))
        const answer = await model.complete(ask({ tools }))
        expect(answer.text).toBe('Größe 😀\n\ndata: x end')
        expect(answer.toolCalls[0]?.input).toEqual({ sql: "SELECT 'é\n'" })
      }),
      { numRuns: 60 },
    )
  })
})
