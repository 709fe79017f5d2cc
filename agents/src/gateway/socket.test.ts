import { EventEmitter, once } from 'node:events'
import { SocketReply } from '@plumbline/tools/contract'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { MAX_ASKS } from './routes/socket.ts'
import { API_TOKEN, type Gateway, logIn, runGateway, temporaryState } from './testing/running-gateway.ts'

let gateway: Gateway
let remove: () => Promise<void>
const open: WebSocket[] = []

beforeAll(async () => {
  const temporary = await temporaryState()
  remove = temporary.remove
  gateway = await runGateway(temporary.state)
})
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate()
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

async function connect(headers: Record<string, string> = { authorization: `Bearer ${API_TOKEN}` }) {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/socket`, { headers })
  open.push(socket)
  const replies: SocketReply[] = []
  const arrived = new EventEmitter()
  socket.on('message', (data) => {
    replies.push(SocketReply.parse(JSON.parse(String(data))))
    arrived.emit('reply')
  })
  await Promise.race([
    once(socket, 'open'),
    once(socket, 'unexpected-response').then(([, response]) =>
      Promise.reject(new Error(`HTTP ${response.statusCode}`)),
    ),
  ])
  return {
    socket,
    send: (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    /** Waits until a reply fits; earlier ones count. */
    async until(fits: (reply: SocketReply) => boolean): Promise<SocketReply> {
      for (;;) {
        const found = replies.find(fits)
        if (found) return found
        await once(arrived, 'reply')
      }
    },
    replies,
  }
}

const ask = (id: string, question: string) => ({ type: 'ask', id, request: { question } })
const ends = (id: string) => (reply: SocketReply) =>
  reply.type === 'event' && reply.id === id && reply.event.type === 'answer-end'
const failsWith = (id: string | null, code: string) => (reply: SocketReply) =>
  reply.type === 'error' && reply.id === id && reply.code === code

describe('the WebSocket', () => {
  it('answers several questions at once, told apart by their ids [api.ask]', async () => {
    const page = await connect()
    page.send(ask('1', 'slow one'))
    page.send(ask('2', 'How many?'))
    page.send(ask('3', 'How many more?'))
    await Promise.all([page.until(ends('2')), page.until(ends('3'))])
    const ofTwo = page.replies.flatMap((reply) =>
      reply.type === 'event' && reply.id === '2' ? [reply.event.type] : [],
    )
    expect(ofTwo).toEqual(['ask-start', 'step-start', 'step-end', 'answer-end'])
    expect(page.replies.some(ends('1'))).toBe(false)
  })

  it('stops one question and leaves the others [answer.stop]', async () => {
    const page = await connect()
    page.send(ask('a', 'slow a'))
    page.send(ask('b', 'slow b'))
    await page.until((reply) => reply.id === 'b')
    const stopped = gateway.assistant.next('stopped')
    page.send({ type: 'stop', id: 'a' })
    expect(await stopped).toBe('slow a')
    const end = await page.until(ends('a'))
    expect(end).toMatchObject({ event: { answer: { error: { code: 'QUERY_CANCELLED' } } } })
    expect(gateway.assistant.stopped).not.toContain('slow b')
  })

  it('stops every question of a page that goes away [answer.stop]', async () => {
    const page = await connect()
    page.send(ask('x', 'slow x'))
    page.send(ask('y', 'slow y'))
    await page.until((reply) => reply.id === 'y')
    const first = gateway.assistant.next('stopped')
    page.socket.terminate()
    await first
    while (!gateway.assistant.stopped.includes('slow y')) await gateway.assistant.next('stopped')
    expect(gateway.assistant.stopped).toContain('slow x')
  })

  it('answers nonsense with an error and goes on', async () => {
    const page = await connect()
    page.send('{"type":')
    await page.until(failsWith(null, 'INPUT_INVALID'))
    page.send({ type: 'ask', id: 'n', request: { question: 5 } })
    await page.until(failsWith('n', 'INPUT_INVALID'))
    page.send({ type: 'stop', id: 'unknown' })
    page.send(ask('bad', 'break'))
    const failure = await page.until(failsWith('bad', 'INTERNAL'))
    expect(JSON.stringify(failure)).not.toContain('secret of the inside')
    page.send(ask('ok', 'How many?'))
    await page.until(ends('ok'))
  })

  it('takes an id once at a time, and so many questions at once', async () => {
    const page = await connect()
    for (let n = 0; n < MAX_ASKS; n++) page.send(ask(`${n}`, `slow ${n}`))
    page.send(ask('0', 'again'))
    await page.until(failsWith('0', 'CONFLICT'))
    page.send(ask('more', 'one more'))
    await page.until(failsWith('more', 'RATE_LIMITED'))
  })

  it('ends a connection that sends more than 1 MB in a message', async () => {
    const page = await connect()
    page.send(ask('big', 'x'.repeat(1 << 20)))
    const [code] = await once(page.socket, 'close')
    expect(code).toBe(1009)
  })

  it('opens to a session only from its own page [safety.token]', async () => {
    const cookie = await logIn(gateway)
    await expect(connect({})).rejects.toThrow('HTTP 401')
    await expect(connect({ cookie })).rejects.toThrow('HTTP 401')
    await expect(connect({ cookie, origin: 'http://evil.example' })).rejects.toThrow('HTTP 401')
    await expect(connect({ cookie, origin: 'http://127.0.0.1:1' })).rejects.toThrow('HTTP 401')
    const page = await connect({ cookie, origin: gateway.url })
    page.send(ask('1', 'How many?'))
    await page.until(ends('1'))
  })
})
