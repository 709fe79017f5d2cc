import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as tlsConnect } from 'node:tls'
import { createLogger } from '@plumbline/tools/telemetry'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { State } from '../state/index.ts'
import { hasRedis, startRedis } from '../state/testing/redis-server.ts'
import { readTls } from './read-tls.ts'
import { keyOf } from './testing/restricted-caller.ts'
import { API_TOKEN, type Gateway, runGateway, temporaryState } from './testing/running-gateway.ts'

let state: State
let remove: () => Promise<void>
const open: Gateway[] = []

beforeAll(async () => {
  ;({ state, remove } = await temporaryState())
})
afterAll(async () => {
  for (const gateway of open) await gateway.close()
  await remove?.()
})

async function gatewayWith(env: Record<string, string>, rateLimit = 0) {
  const gateway = await runGateway(state, { config: { ...loadConfig(env), rateLimit } })
  open.push(gateway)
  return gateway
}

describe('how much one person may ask [security.rate-limits]', () => {
  it('is counted for the person, whatever session or key they come with, and apart for questions', async () => {
    const gateway = await gatewayWith({ PLUMBLINE_ASK_RATE_LIMIT: '2' }, 1000)
    const ask = async () => (await gateway.call('POST', '/api/ask', { question: 'x' })).status
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429])
    expect((await gateway.call('GET', '/api/threads')).status).toBe(200)
    const response = await fetch(`${gateway.url}/api/ask`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' },
      body: '{"question":"x"}',
    })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('counts questions over MCP with the others', async () => {
    const gateway = await gatewayWith({ PLUMBLINE_ASK_RATE_LIMIT: '2' }, 1000)
    const call = (method: string, params?: object) =>
      fetch(`${gateway.url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${API_TOKEN}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      }).then((response) => response.text())
    const ask = () => call('tools/call', { name: 'ask_question', arguments: { question: 'How many?' } })
    expect((await gateway.call('POST', '/api/ask', { question: 'x' })).status).toBe(200)
    expect(await ask()).not.toContain('RATE_LIMITED')
    expect(await ask()).toContain('RATE_LIMITED: That is too much at once.')
    expect(await call('tools/list')).toContain('ask_question')
  })

  it.skipIf(!hasRedis())('is counted over several processes that share a Redis, and goes on without it', async () => {
    const { redis, stop } = await startRedis()
    const config = { ...loadConfig({}), rateLimit: 4 }
    const gateways = [await runGateway(state, { config, redis }), await runGateway(state, { config, redis })]
    open.push(...gateways)
    const statuses: (number | undefined)[] = []
    for (let n = 0; n < 6; n++) statuses.push((await gateways[n % 2]?.call('GET', '/api/threads'))?.status)
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429])
    await stop()
    expect((await gateways[0]?.call('GET', '/api/threads'))?.status).toBe(200)
  })

  it('ends guessing at the door by address, with and without a cookie', async () => {
    const gateway = await gatewayWith({}, 1000)
    const statuses = new Set<number>()
    for (let n = 0; n < 25; n++) {
      const response = await fetch(`${gateway.url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: `plumbline_session_1=${n}` },
        body: JSON.stringify({ token: `guess-number-${n}-of-many` }),
      })
      statuses.add(response.status)
    }
    expect([...statuses]).toEqual([401, 429])
  })

  it('believes an address only from a proxy that is known', async () => {
    const many = async (gateway: Gateway) => {
      const statuses: number[] = []
      for (let n = 0; n < 4; n++) {
        const headers = { 'x-forwarded-for': `203.0.113.${n}` }
        statuses.push((await fetch(`${gateway.url}/api/threads`, { headers })).status)
      }
      return statuses
    }
    expect(await many(await gatewayWith({}, 3))).toEqual([401, 401, 401, 429])
    expect(await many(await gatewayWith({ PLUMBLINE_TRUSTED_PROXIES: '127.0.0.1' }, 3))).toEqual([401, 401, 401, 401])
  })
})

describe('scripts of other pages [security.cors]', () => {
  it('get no answer they could read, unless their origin is named, and then without the cookie', async () => {
    const gateway = await gatewayWith({ PLUMBLINE_CORS_ORIGINS: 'https://intranet.example' })
    const from = (origin: string, method = 'GET') =>
      fetch(`${gateway.url}/api/threads`, {
        method,
        headers: {
          origin,
          ...(method === 'OPTIONS'
            ? { 'access-control-request-method': 'POST' }
            : { authorization: `Bearer ${API_TOKEN}` }),
        },
      })
    const good = await from('https://intranet.example')
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([200, 'https://intranet.example'])
    expect(good.headers.get('access-control-allow-credentials')).toBeNull()
    expect((await from('https://intranet.example', 'OPTIONS')).status).toBe(204)
    for (const origin of ['https://evil.example', 'https://intranet.example.evil.example', 'null']) {
      for (const method of ['GET', 'OPTIONS']) {
        expect((await from(origin, method)).headers.get('access-control-allow-origin'), origin).toBeNull()
      }
    }
  })

  it('can not be named with a path or a star', () => {
    for (const origins of ['*', 'https://a.example/path', 'intranet.example']) {
      expect(() => loadConfig({ PLUMBLINE_CORS_ORIGINS: origins })).toThrow(/PLUMBLINE_CORS_ORIGINS/)
    }
  })
})

describe('HTTPS [security.tls]', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-tls-'))
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
      stdio: 'ignore',
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is spoken with the certificate of the configuration, and browsers are told to keep to it', async () => {
    const config = {
      ...loadConfig({}),
      rateLimit: 0,
      tlsCert: join(folder, 'cert.pem'),
      tlsKey: join(folder, 'key.pem'),
    }
    const tls = await readTls(config)
    const gateway = await runGateway(state, { config, ...(tls ? { tls } : {}) })
    open.push(gateway)
    expect(gateway.url).toMatch(/^https:/)
    const ca = await readFile(join(folder, 'cert.pem'))
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      httpsRequest(`${gateway.url}/api/health`, { ca }, (response) => resolve(response.headers))
        .on('error', reject)
        .end()
    })
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
    const { hostname: host, port } = new URL(gateway.url)
    const speak = (options: object) =>
      new Promise<string>((resolve) => {
        const socket = tlsConnect({ host, port: Number(port), ca, ...options }, () => {
          resolve(socket.getProtocol() ?? '')
          socket.destroy()
        })
        socket.on('error', () => resolve('refused'))
      })
    expect(await speak({})).toBe('TLSv1.3')
    expect(await speak({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2')
    expect(await speak({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toBe('refused')
    for (const ciphers of ['ECDHE-RSA-AES128-SHA', 'AES256-GCM-SHA384', 'ECDHE-RSA-AES256-SHA384']) {
      expect([ciphers, await speak({ maxVersion: 'TLSv1.2', ciphers })]).toEqual([ciphers, 'refused'])
    }
    // Who does not know the certificate does not talk to us.
    expect(await speak({ ca: undefined })).toBe('refused')
  })

  it('is not promised where it is not spoken', async () => {
    const gateway = await gatewayWith({})
    expect((await fetch(`${gateway.url}/api/health`)).headers.get('strict-transport-security')).toBeNull()
  })

  it('says which of its two settings is wrong', async () => {
    await expect(readTls({ tlsCert: 'x' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(readTls({ tlsCert: '/nowhere', tlsKey: '/nowhere' })).rejects.toThrow(/PLUMBLINE_TLS_CERT/)
    expect(await readTls({})).toBeUndefined()
  })
})

describe('what is refused to somebody who is known [security.edges]', () => {
  it('is a line of the log that names them and the route, and nothing that they sent', async () => {
    const lines: string[] = []
    const logger = createLogger('gateway', { level: 'warn', destination: { write: (line) => void lines.push(line) } })
    const gateway = await runGateway(state, { logger })
    open.push(gateway)
    const key = await keyOf(state, 'reader', ['ask'], ['read'])
    const headers = { authorization: `Bearer ${key}` }
    expect((await fetch(`${gateway.url}/api/audit?text=hidden%0aline`, { headers })).status).toBe(403)
    expect((await fetch(`${gateway.url}/api/threads`)).status).toBe(401)
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'refused',
      url: '/api/audit',
      by: expect.stringMatching(/^key-/),
    })
    expect(lines[0]).not.toContain('hidden')
    expect(lines[0]).not.toContain(key)
  })
})

describe('pages of plain HTTP under the name of an HTTPS server [security.edges]', () => {
  it('may not use its cookie', async () => {
    const gateway = await gatewayWith({ PLUMBLINE_PUBLIC_URL: 'https://data.example' })
    const login = await gateway.app.inject({
      url: `/?token=${gateway.loginTokens.issue()}`,
      headers: { host: 'data.example' },
    })
    const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
    const signOut = (origin: string) =>
      gateway.app.inject({
        method: 'POST',
        url: '/api/logout',
        headers: { host: 'data.example', cookie, origin },
      })
    expect((await signOut('http://data.example')).statusCode).toBe(401)
    expect((await signOut('https://data.example')).statusCode).toBe(204)
  })
})

describe('requests of any kind [security.edges]', () => {
  it('end in an answer of ours with the same headers, however odd they are', async () => {
    const gateway = await gatewayWith({})
    const send = (path: string, init: RequestInit = {}) =>
      fetch(`${gateway.url}${path}`, {
        redirect: 'manual',
        ...init,
        headers: { authorization: `Bearer ${API_TOKEN}`, ...init.headers },
      })
    const cases: [string, RequestInit?][] = [
      ['/api/nowhere'],
      ['/api/threads/%00'],
      ['/api/threads/%ff'],
      ['/api/threads?limit=1e9'],
      ['/api/threads?limit=1&limit=2'],
      ['/api/answers/__proto__'],
      [
        '/api/ask',
        { method: 'POST', body: '{"__proto__":{"x":1},"question":1}', headers: { 'content-type': 'application/json' } },
      ],
      ['/api/ask', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
      ['/api/ask', { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
      ['/api/ask', { method: 'POST', body: 'x'.repeat(2_000_000), headers: { 'content-type': 'application/json' } }],
      ['/api/ask', { method: 'TRACE'.replace('TRACE', 'PUT') }],
      ['/..%2f..%2fetc/passwd'],
      ['/assets/..%2f..%2fpackage.json'],
      ['/.git/config'],
      ['/assets/'],
    ]
    for (const [path, init] of cases) {
      const response = await send(path, init)
      const text = await response.text()
      expect(response.status, path).toBeGreaterThanOrEqual(400)
      expect(response.headers.get('content-type'), path).toBe('application/json; charset=utf-8')
      if (path.startsWith('/api/') && path !== '/api/threads/%ff') {
        expect(response.headers.get('cache-control'), path).toBe('no-store')
      }
      expect(text, path).not.toMatch(/at .*\.(ts|js):\d+|node_modules|root:x:/)
      for (const header of ['content-security-policy', 'x-content-type-options', 'x-frame-options']) {
        expect(response.headers.get(header), `${path} ${header}`).not.toBeNull()
      }
    }
  })

  it('are one request or none: no second one hides in the body of the first', async () => {
    const gateway = await gatewayWith({})
    const { hostname, port } = new URL(gateway.url)
    const speak = async (said: string) => {
      const socket = connect(Number(port), hostname)
      const heard = text(socket)
      socket.end(said)
      return heard
    }
    const hidden = 'GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
    const both = 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    for (const request of [
      `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\n${both}${hidden}`,
      `POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n${hidden}`,
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\nb\0\r\n\r\n${hidden}`,
      'no request at all\r\n\r\n',
    ]) {
      const answer = await speak(request)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).toContain('x-content-type-options: nosniff')
      expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
    }
    const trace = await speak('TRACE / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Mine: echoed\r\nConnection: close\r\n\r\n')
    expect(trace).toMatch(/^HTTP\/1\.1 404 /)
    expect(trace).not.toContain('echoed')
  })
})
