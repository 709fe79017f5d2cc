import { Catalog, Health, Me, Thread, ThreadDetail, ThreadPage } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { State } from '../state/index.ts'
import { anAnswer } from '../state/testing/an-answer.ts'
import { API_TOKEN, type Gateway, runGateway, temporaryState } from './testing/running-gateway.ts'
import { CATALOG } from './testing/scripted-assistant.ts'

let gateway: Gateway
let state: State
let remove: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryState()
  ;({ state, remove } = temporary)
  gateway = await runGateway(state)
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

const ask = async (question: string, threadId?: string) =>
  (await gateway.call('POST', '/api/ask', { question, ...(threadId ? { threadId } : {}) })).body

describe('threads', () => {
  it('are listed, opened, renamed and deleted [api.threads]', async () => {
    const first = await ask('How many?')
    await ask('And for United only?', first.threadId)
    const other = await ask('Something else')

    const list = ThreadPage.parse((await gateway.call('GET', '/api/threads')).body)
    expect(list.threads.map(({ id }) => id)).toEqual([other.threadId, first.threadId])

    const path = `/api/threads/${first.threadId}`
    const detail = ThreadDetail.parse((await gateway.call('GET', path)).body)
    expect(detail.answers.map(({ question }) => question)).toEqual(['How many?', 'And for United only?'])

    const renamed = Thread.parse((await gateway.call('PATCH', path, { title: '  Counts  ' })).body)
    expect(renamed).toMatchObject({ title: 'Counts', answerCount: 2 })
    expect((await gateway.call('PATCH', path, { title: ' ' })).body.error.code).toBe('INPUT_INVALID')

    expect((await gateway.call('DELETE', path)).status).toBe(204)
    for (const [method, body] of [['GET'], ['PATCH', { title: 'x' }], ['DELETE']] as const) {
      expect(await gateway.call(method, path, body)).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      })
    }
  })

  it('come in pages [api.threads]', async () => {
    for (const title of ['a', 'b', 'c']) await state.threads.create({ title, principalId: 'local' })
    const first = (await gateway.call('GET', '/api/threads?limit=2')).body
    expect(first.threads).toHaveLength(2)
    const second = (await gateway.call('GET', `/api/threads?limit=2&before=${encodeURIComponent(first.next)}`)).body
    const ids = [...first.threads, ...second.threads].map(({ id }: Thread) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const query of ['limit=0', 'limit=x', 'before=x']) {
      expect((await gateway.call('GET', `/api/threads?${query}`)).body.error.code).toBe('INPUT_INVALID')
    }
  })

  it('of somebody else are as unknown as those that never were [api.threads]', async () => {
    await state.threads.create({ id: 'theirs', principalId: 'somebody-else' })
    await state.answers.save(anAnswer({ id: 'their-answer', threadId: 'theirs' }), 'somebody-else', null)
    for (const [method, path, body] of [
      ['GET', '/api/threads/theirs'],
      ['PATCH', '/api/threads/theirs', { title: 'mine' }],
      ['DELETE', '/api/threads/theirs'],
      ['GET', '/api/answers/their-answer'],
      ['GET', '/api/receipts/receipt-of-their-answer'],
      ['PUT', '/api/answers/their-answer/feedback', { vote: 'up' }],
    ] as const) {
      expect([path, (await gateway.call(method, path, body)).status]).toEqual([path, 404])
    }
    const { threads } = (await gateway.call('GET', '/api/threads?limit=200')).body
    expect(threads.some(({ id }: Thread) => id === 'theirs')).toBe(false)
  })
})

describe('feedback', () => {
  it('is given, changed and taken back [api.threads]', async () => {
    const { id } = await ask('How many?')
    const votes: unknown[] = []
    for (const vote of ['up', 'down', null]) {
      expect((await gateway.call('PUT', `/api/answers/${id}/feedback`, { vote })).status).toBe(204)
      votes.push((await gateway.call('GET', `/api/answers/${id}`)).body.vote)
    }
    expect(votes).toEqual(['up', 'down', null])
    expect((await gateway.call('PUT', `/api/answers/${id}/feedback`, { vote: 'great' })).status).toBe(400)
  })
})

describe('catalog, me and health', () => {
  it('say what can be asked, and who asks [api.threads]', async () => {
    expect(Catalog.parse((await gateway.call('GET', '/api/catalog')).body)).toEqual(CATALOG)
    expect(Me.parse((await gateway.call('GET', '/api/me')).body)).toMatchObject({
      principal: { id: 'local' },
      model: 'none',
    })
  })

  it('report a part that is down, and not why [api.threads]', async () => {
    expect(Health.parse((await gateway.call('GET', '/api/health')).body)).toMatchObject({
      status: 'ok',
      parts: { state: { status: 'ok' }, sources: { status: 'ok' } },
    })
    const down = async () => {
      throw new AppError('SOURCE_UNAVAILABLE', 'password=hunter2')
    }
    const ill = await runGateway(state, { sources: new Map([['warehouse', down]]) })
    const { status, body } = await ill.call('GET', '/api/health')
    expect([status, body.status, body.parts.warehouse.status]).toEqual([503, 'degraded', 'down'])
    expect(JSON.stringify(body)).not.toContain('hunter2')
    await ill.close()
  })
})

describe('the OpenAPI document', () => {
  it('describes every route of the API and nothing that is not there [api.ask]', async () => {
    const routes: string[] = []
    const { buildApp } = await import('./app.ts')
    const { LoginTokens } = await import('./login-tokens.ts')
    const { ScriptedAssistant } = await import('./testing/scripted-assistant.ts')
    const { silent } = await import('./testing/running-gateway.ts')
    const app = await buildApp(
      {
        config: { ...loadConfig({}), rateLimit: 0 },
        assistant: new ScriptedAssistant(state),
        state,
        logger: silent,
        access: { apiToken: API_TOKEN, loginTokens: new LoginTokens() },
        pageDir: '/nowhere',
      },
      ({ method, url }) => {
        for (const one of [method].flat()) if (one !== 'HEAD') routes.push(`${one} ${url.replace(/:(\w+)/g, '{$1}')}`)
      },
    )
    await app.close()
    const document = (await gateway.call('GET', '/api/openapi.json')).body
    const described = Object.entries<Record<string, unknown>>(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const pages = (route: string) => route === 'GET /' || route.startsWith('GET /api/docs')
    expect(described.sort()).toEqual(routes.filter((route) => !pages(route)).sort())
    expect(described).toContain('GET /api/socket')
    expect(described).toContain('POST /mcp')
  })

  it('resolves every reference and names the schemas of the contract [api.ask]', async () => {
    const { body: document } = await gateway.call('GET', '/api/openapi.json')
    expect(document.openapi).toBe('3.1.0')
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    )
    expect(references).toContain('Answer')
    for (const name of new Set(references)) expect(Object.keys(document.components.schemas)).toContain(name)
    for (const operation of Object.values<Record<string, { summary?: string; responses: object }>>(document.paths)) {
      for (const { summary, responses } of Object.values(operation)) {
        expect(summary).toBeTruthy()
        expect(Object.keys(responses)).toContain('4XX')
      }
    }
  })

  it('is shown at /api/docs [api.ask]', async () => {
    const response = await fetch(`${gateway.url}/api/docs/`, { headers: { authorization: `Bearer ${API_TOKEN}` } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const script = await fetch(`${gateway.url}/api/docs/static/swagger-initializer.js`, {
      headers: { authorization: `Bearer ${API_TOKEN}` },
    })
    expect(script.status).toBe(200)
  })
})
