import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startAnthropicServer } from '../src/models/test-servers/anthropic.ts'
import { reply } from '../src/models/test-servers/script.ts'
import type { ScriptedServer } from '../src/models/test-servers/scripted-server.ts'
import { openTestAssistant, type TestAssistant } from './open-test-assistant.ts'

/** A question that the planner knows it can not plan: it counts groups. */
const HARD = 'How many days had more than 100 cancellations?'
const GOOD =
  'select count(*) as days from (select month, day from flights where dep_time is null group by month, day having count(*) > 100) as d'

const answer = (value: object) => reply(JSON.stringify({ answer: value }))
const sql = (text: string) =>
  answer({ kind: 'sql', sql: text, reading: 'days with more than 100 cancellations', assumptions: [] })

let server: ScriptedServer
let test: TestAssistant
beforeEach(async () => {
  server = await startAnthropicServer()
  test = await openTestAssistant({
    PLUMBLINE_MODEL: 'anthropic:test-model',
    ANTHROPIC_API_KEY: 'opaque0123456789',
    ANTHROPIC_BASE_URL: server.url,
    PLUMBLINE_MODEL_ATTEMPTS: '1',
  })
})
afterEach(async () => {
  await test[Symbol.asyncDispose]()
  await server.close()
})

describe('with a model', () => {
  it('the planner still answers what it is sure of, at no cost', async () => {
    const easy = await test.ask('How many airlines are there?')
    expect(easy.receipt).toMatchObject({ origin: { kind: 'plan' }, cost: { inputTokens: 0 } })
    expect(server.requests).toHaveLength(0)
  })

  it('the model writes what the planner is not sure of, and the receipt says so [model.guarded]', async () => {
    server.play(sql(GOOD), reply('There were **16** such days.'))
    const hard = await test.ask(HARD)
    expect(hard.status, hard.text).toBe('answered')
    expect(hard.rows).toEqual([[16]])
    expect(hard.receipt).toMatchObject({
      origin: { kind: 'model', model: 'anthropic:test-model' },
      cost: { inputTokens: 200 },
    })
    expect(hard.receipt?.steps.find((step) => step.name === 'plan')).toMatchObject({ inputTokens: 100 })
  })

  it('mends its SQL with the database’s message [model.guarded]', async () => {
    server.play(sql(GOOD.replace('dep_time', 'departed')), sql(GOOD), reply('There were **16** such days.'))
    const mended = await test.ask(HARD)
    expect(mended.rows).toEqual([[16]])
    expect(mended.receipt?.steps.map((step) => step.name)).toEqual(expect.arrayContaining(['check', 'repair', 'run']))
    expect(JSON.stringify(server.requests[1]?.body)).toContain('departed')
  })

  it('nothing it writes runs but one read: each attempt is refused and the budget ends them [model.guarded] [answer.budgets]', async () => {
    const hostile = [
      'drop table flights',
      "select * from read_csv('/etc/passwd')",
      'select 1; delete from flights',
      "copy flights to '/tmp/x'",
    ]
    server.play(...[...hostile, ...hostile].slice(0, 7).map(sql))
    const refused = await test.ask(HARD)
    expect(refused.status).toBe('failed')
    expect(refused.rows).toEqual([])
    expect(server.requests.length).toBeLessThanOrEqual(6)
    expect((await test.ask('How many flights are there?')).rows).toEqual([[336776]])
  })

  it('the text falls back to ours when the model names a number that is not in the result', async () => {
    server.play(sql(GOOD), reply('There were **31** such days.'))
    const hard = await test.ask(HARD)
    expect(hard.text).toContain('16')
    expect(hard.text).not.toContain('31')
  })

  it('what it asks back survives a restart with the same choices [answer.resume]', async () => {
    const choices = [
      { id: 'all', label: 'All airports' },
      { id: 'jfk', label: 'Only JFK' },
    ]
    server.play(answer({ kind: 'clarify', prompt: 'Which airports?', choices }))
    const back = await test.ask(HARD)
    expect(back.clarification).toEqual({ prompt: 'Which airports?', choices })
    await test.restart()
    server.play(sql(GOOD), reply('There were **16** such days.'))
    const chosen = await test.ask({ question: '', threadId: back.threadId, choice: 'all' })
    expect(chosen.rows).toEqual([[16]])
    expect(JSON.stringify(server.requests[1]?.body)).toContain('All airports')
  })

  it('an outage of the vendor is a clear failure, and the planner goes on', async () => {
    server.play({ kind: 'error', status: 529 })
    const failed = await test.ask(HARD)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'MODEL_OVERLOADED' } })
    expect((await test.ask('How many planes are there?')).status).toBe('answered')
  })
})
