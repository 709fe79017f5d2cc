import { request as httpRequest } from 'node:http'
import { Answer, AskEvent } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN, type Gateway, runGateway, temporaryState } from './testing/running-gateway.ts'

let gateway: Gateway
let remove: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryState()
  remove = temporary.remove
  gateway = await runGateway(temporary.state)
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

/** A request that can be dropped half way. */
function post(accept: string, question: string) {
  const request = httpRequest(`${gateway.url}/api/ask`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', accept },
  })
  request.on('error', () => {})
  request.end(JSON.stringify({ question }))
  return request
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads into JSON of any shape and asserts what it finds
async function events(body: unknown): Promise<Array<{ event: string; data: any }>> {
  const response = await fetch(`${gateway.url}/api/ask`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const blocks = (await response.text()).split('\n\n').filter((block) => block.startsWith('event: '))
  return blocks.map((block) => {
    const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/s.exec(block) ?? []
    return { event, data: JSON.parse(data) }
  })
}

describe('POST /api/ask', () => {
  it('streams the events of a question in order, the answer last [api.ask]', async () => {
    const seen = await events({ question: 'How many?' })
    expect(seen.map(({ event }) => event)).toEqual(['ask-start', 'step-start', 'step-end', 'answer-end'])
    for (const { event, data } of seen) expect(AskEvent.parse(data).type).toBe(event)
    expect(seen[0]?.data.answerId).toBe(seen[3]?.data.answer.id)
  })

  it('answers with the plain answer where no stream is wanted [api.ask]', async () => {
    const { status, body, headers } = await gateway.call('POST', '/api/ask', { question: 'How many?' })
    expect(status).toBe(200)
    expect(Answer.parse(body)).toEqual(body)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it('lets the receipt of an answer be fetched again [answer.receipt-fetch]', async () => {
    const { body: answer } = await gateway.call('POST', '/api/ask', { question: 'How many?' })
    const { status, body } = await gateway.call('GET', `/api/receipts/${answer.receipt.id}`)
    expect([status, body]).toEqual([200, answer.receipt])
    expect((await gateway.call('GET', `/api/answers/${answer.id}`)).body).toEqual({ ...answer, vote: null })
    expect((await gateway.call('GET', '/api/receipts/none')).status).toBe(404)
  })

  it('hands 100 kB of question to the assistant instead of breaking the connection', async () => {
    const { status, body } = await gateway.call('POST', '/api/ask', { question: 'why '.repeat(25_000) })
    expect([status, body.question.length]).toEqual([200, 100_000])
  })

  it('refuses what is no question, and says why', async () => {
    const wrongType = await gateway.call('POST', '/api/ask', { question: 7 })
    expect(wrongType).toMatchObject({ status: 400, body: { error: { code: 'INPUT_INVALID' } } })
    expect(wrongType.body.error.message).toContain('`question`')
    const tooLarge = await gateway.call('POST', '/api/ask', { question: 'x'.repeat(1 << 20) })
    expect(tooLarge).toMatchObject({ status: 413, body: { error: { message: 'The request is larger than 1 MB.' } } })
    const send = (contentType: string, body: string) =>
      fetch(`${gateway.url}/api/ask`, {
        method: 'POST',
        headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': contentType },
        body,
      })
    const notJson = await send('application/json', '{"question":')
    const { error } = (await notJson.json()) as { error: { message: string } }
    expect([notJson.status, error.message]).toEqual([400, 'The body is not valid JSON.'])
    expect((await send('text/plain', 'hello')).status).toBe(415)
  })

  it('keeps what broke inside to itself', async () => {
    const plain = await gateway.call('POST', '/api/ask', { question: 'break' })
    expect(plain).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL' } } })
    const streamed = await events({ question: 'break' })
    expect(streamed.at(-1)).toMatchObject({ event: 'error', data: { code: 'INTERNAL' } })
    expect(JSON.stringify([plain, streamed])).not.toContain('secret of the inside')
  })

  it.each([
    ['an event stream', 'text/event-stream'],
    ['a plain request', 'application/json'],
  ])('stops the work when the client drops %s [answer.stop]', async (_name, accept) => {
    const started = gateway.assistant.next('started')
    const stopped = gateway.assistant.next('stopped')
    const request = post(accept, `slow ${accept}`)
    await started
    request.destroy()
    expect(await stopped).toBe(`slow ${accept}`)
  })

  it('does not stop a question whose client stays', async () => {
    const before = gateway.assistant.stopped.length
    await gateway.call('POST', '/api/ask', { question: 'How many?' })
    await events({ question: 'How many?' })
    expect(gateway.assistant.stopped.length).toBe(before)
  })
})
