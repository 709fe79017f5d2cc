import type { Principal } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localPrincipal } from '../src/index.ts'
import { startAnthropicServer } from '../src/models/test-servers/anthropic.ts'
import { reply } from '../src/models/test-servers/script.ts'
import type { ScriptedServer } from '../src/models/test-servers/scripted-server.ts'
import { openTestAssistant, type TestAssistant } from './open-test-assistant.ts'

/** A question that the planner knows it can not plan: it counts groups. */
const HARD = 'How many days had more than 100 cancellations?'
const SQL =
  'select count(*) as days from (select month, day from flights where dep_time is null group by month, day having count(*) > 100) as d'
const LIMIT = 60_000
const POLICIES = `
version: 1
roles: [{ name: analyst }, { name: intern }]
grants: [{ id: all, roles: [analyst, intern], tables: ['*'] }]
budgets:
  - { id: analysts-models, roles: [analyst], tokensPerDay: ${LIMIT} }
  - { id: interns-models, roles: [intern], tokensPerDay: 100 }
`
const ana: Principal = { id: 'ana', name: 'Ana', roles: ['analyst'], attributes: {} }
const ian: Principal = { id: 'ian', name: 'Ian', roles: ['intern'], attributes: {} }

let server: ScriptedServer
let test: TestAssistant
beforeAll(async () => {
  server = await startAnthropicServer()
  test = await openTestAssistant({
    PLUMBLINE_MODEL: 'anthropic:test-model',
    ANTHROPIC_API_KEY: 'opaque0123456789',
    ANTHROPIC_BASE_URL: server.url,
    PLUMBLINE_MODEL_ATTEMPTS: '1',
  })
  const change = { author: localPrincipal, surface: 'page' as const, expectedVersion: 0, comment: '' }
  await test.state.policies.save({ ...change, yaml: POLICIES })
}, 60_000)
afterAll(async () => {
  await test?.[Symbol.asyncDispose]()
  await server?.close()
})

const ask = (principal: Principal, question: string) => test.assistant.ask({ question }, { principal, surface: 'rest' })

describe('the tokens of a day', () => {
  it('end with when they start anew, and what needs no model still works [budget.daily]', async () => {
    const refused = await ask(ian, HARD)
    expect(refused).toMatchObject({
      status: 'refused',
      error: { code: 'BUDGET_EXCEEDED', data: { figure: 'tokensPerDay', limit: 100, rule: 'interns-models' } },
    })
    expect(refused.text).toMatch(/It starts anew at 00:00 UTC, in .*\. Questions that need no model still work\.$/)
    expect(server.requests).toHaveLength(0)
    expect((await ask(ian, 'How many airlines are there?')).rows).toEqual([[16]])
    expect(await test.state.usage.today('ian')).toMatchObject({ questions: 2, inputTokens: 0, held: { tokens: 0 } })
  })

  it('are not passed by 20 questions at the same time [budget.daily]', async () => {
    const drafted = reply(JSON.stringify({ answer: { kind: 'sql', sql: SQL, reading: 'days', assumptions: [] } }))
    server.play(...Array.from({ length: 60 }, () => drafted))
    let most = 0
    const watch = setInterval(async () => {
      const { inputTokens, outputTokens, held } = await test.state.usage.today('ana')
      most = Math.max(most, inputTokens + outputTokens + held.tokens)
    }, 20)
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(ana, HARD)))
    clearInterval(watch)
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toContain('answered')
    expect(statuses.filter((status) => status !== 'answered' && status !== 'refused')).toEqual([])
    expect(most).toBeLessThanOrEqual(LIMIT)
    const today = await test.state.usage.today('ana')
    expect(today.held).toEqual({ tokens: 0, usd: 0 })
    expect(today.questions).toBe(20)
    expect(today.inputTokens).toBe(100 * server.requests.length)
    // What was given back can be used.
    expect((await ask(ana, HARD)).status).toBe('answered')
  }, 60_000)
})
