import { demoModelFile } from '@plumbline/mcp-engine'
import type { AskEvent } from '@plumbline/tools/contract'
import { loadSemanticModel } from '@plumbline/tools/semantic'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from './open-test-assistant.ts'

let test: TestAssistant
beforeAll(async () => {
  test = await openTestAssistant()
})
afterAll(() => test?.[Symbol.asyncDispose]())

describe('an answer', () => {
  it('counts with no model and proves it with a receipt [answer.counts] [answer.receipt]', async () => {
    const answer = await test.ask('How many flights left JFK in July 2013?')
    expect(answer.status, answer.text).toBe('answered')
    expect(answer.rows).toEqual([[10023]])
    expect(answer.text).toContain('10,023')
    expect(answer.chart).toMatchObject({ kind: 'number' })
    const receipt = answer.receipt
    expect(receipt).toMatchObject({
      origin: { kind: 'plan' },
      rowCount: 1,
      truncated: false,
      cost: { usd: 0, inputTokens: 0, outputTokens: 0 },
    })
    expect(receipt?.tables.map((table) => table.name)).toContain('flights')
    expect(receipt?.filters.flatMap((filter) => filter.values)).toContain('JFK')
    expect(receipt?.freshness.loadedAt).toBeDefined()
    expect(receipt?.steps.map((step) => step.name)).toEqual([
      'recall',
      'link',
      'plan',
      'write',
      'check',
      'run',
      'explain',
    ])
    expect(receipt?.steps.every((step) => step.ms >= 0 && step.outcome === 'done')).toBe(true)
    expect(receipt?.origin.reading.length).toBeGreaterThan(10)
  })

  it('can be fetched again by its id and by its receipt [answer.receipt-fetch]', async () => {
    const answer = await test.ask('How many planes are there?')
    expect(await test.state.answers.get(answer.id, 'local')).toEqual({
      ...answer,
      vote: null,
      access: expect.any(String),
    })
    expect((await test.state.answers.ofReceipt(answer.receipt?.id ?? '', 'local')).receipt).toEqual(answer.receipt)
    await expect(test.state.answers.get(answer.id, 'somebody else')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('tells its steps as they happen and ends with the answer', async () => {
    const events: AskEvent[] = []
    const answer = await test.ask('How many airlines are there?', { onEvent: (event) => events.push(event) })
    expect(events[0]).toMatchObject({ type: 'ask-start', threadId: answer.threadId, answerId: answer.id })
    expect(events.at(-1)).toEqual({ type: 'answer-end', answer })
    const steps = events.filter((event) => event.type === 'step-start' || event.type === 'step-end')
    expect(steps.slice(0, 4).map((event) => `${event.type} ${event.name}`)).toEqual([
      'step-start recall',
      'step-end recall',
      'step-start link',
      'step-end link',
    ])
    expect(events.find((event) => event.type === 'sql-proposed')).toMatchObject({
      sql: expect.stringMatching(/select/i),
    })
  })

  it('uses a verified query for a question with its words [answer.verified-query]', async () => {
    const { verifiedQueries } = await loadSemanticModel(demoModelFile)
    const verified = verifiedQueries[0]?.question ?? ''
    const answer = await test.ask(verified.toUpperCase())
    expect(answer.status, answer.text).toBe('answered')
    expect(answer.receipt?.origin.kind).toBe('verified-query')
  })

  it('refuses what the data has not, and says what it has [answer.refuse]', async () => {
    for (const question of [
      'How many passengers flew from JFK?',
      'average ticket price by airline',
      'flights in 2014',
    ]) {
      const answer = await test.ask(question)
      expect([answer.status, answer.rows], `${question}: ${answer.text}`).toEqual(['refused', []])
      expect(answer.text.length).toBeGreaterThan(20)
    }
  })

  it('does not pretend to know the future or a cause [answer.refuse]', async () => {
    for (const question of ['forecast flights for next month', 'Why are flights delayed in July?']) {
      expect((await test.ask(question)).status).toBe('refused')
    }
  })
})

describe('a thread', () => {
  it('keeps the context of a follow-up [answer.follow-up]', async () => {
    const first = await test.ask('average arrival delay by month')
    const second = await test.ask({ question: 'and for United only?', threadId: first.threadId })
    expect(second.status, second.text).toBe('answered')
    expect(second.rows).toHaveLength(12)
    expect(second.receipt?.filters.flatMap((filter) => filter.values)).toContain('United Air Lines Inc.')
    expect(second.rows).not.toEqual(first.rows)
  })

  it('asks back when a word is ambiguous and goes on from the choice [answer.clarify]', async () => {
    const back = await test.ask('average delay by airline')
    expect(back.status).toBe('clarify')
    const ids = back.clarification?.choices.map((choice) => choice.id) ?? []
    expect(ids.length).toBeGreaterThanOrEqual(2)
    const answer = await test.ask({ question: '', threadId: back.threadId, choice: ids[0] })
    expect(answer.status, answer.text).toBe('answered')
    expect(answer.question).toBe(back.clarification?.choices[0]?.label)
    expect(answer.rows).toHaveLength(16)
  })

  it('takes the label of a choice in words, and another question instead of a choice [answer.clarify]', async () => {
    const back = await test.ask('average delay by airline')
    const label = back.clarification?.choices[1]?.label ?? ''
    const words = await test.ask({ question: label, threadId: back.threadId })
    expect(words.status, words.text).toBe('answered')
    const again = await test.ask('average delay by airline')
    const other = await test.ask({ question: 'How many airlines are there?', threadId: again.threadId })
    expect(other.rows).toEqual([[16]])
  })

  it('refuses a choice that was not offered', async () => {
    const back = await test.ask('average delay by airline')
    const wrong = await test.ask({ question: '', threadId: back.threadId, choice: 'price' })
    expect(wrong).toMatchObject({ status: 'refused', error: { code: 'INPUT_INVALID' } })
    const none = await test.ask({ question: '', choice: 'departure' })
    expect(none).toMatchObject({ status: 'refused', error: { code: 'INPUT_INVALID' } })
  })

  it('keeps an unanswered clarification and the context across a restart [answer.resume]', async () => {
    const base = await test.ask('number of flights per month for JFK')
    const back = await test.ask('average delay by airline')
    await test.restart()
    const answer = await test.ask({
      question: '',
      threadId: back.threadId,
      choice: back.clarification?.choices[0]?.id ?? '',
    })
    expect(answer.status, answer.text).toBe('answered')
    const followUp = await test.ask({ question: 'and for United only?', threadId: base.threadId })
    expect(followUp.rows).toHaveLength(12)
    const thread = await test.state.threads.get(base.threadId, 'local')
    expect(thread?.answers.map((a) => a.question)).toEqual([
      'number of flights per month for JFK',
      'and for United only?',
    ])
  })

  it('is nobody else’s', async () => {
    const mine = await test.ask('How many airlines are there?')
    const stranger = { id: 'stranger', name: 'S', roles: [], attributes: {} }
    const answer = await test.assistant.ask(
      { question: 'and planes?', threadId: mine.threadId },
      { principal: stranger, surface: 'rest' },
    )
    expect(answer).toMatchObject({ status: 'refused', error: { code: 'NOT_FOUND' } })
  })

  it('answers two questions at once in one thread one after the other', async () => {
    const first = await test.ask('How many airlines are there?')
    const ask = (question: string) => test.ask({ question, threadId: first.threadId })
    const both = await Promise.all([ask('How many planes are there?'), ask('How many airports are there?')])
    expect(both.map((answer) => answer.rows)).toEqual([[[3322]], [[1458]]])
  })
})

describe('bad input [safety.bad-input]', () => {
  it('answers an empty question and 100 kB of text clearly', async () => {
    expect(await test.ask('   \n ')).toMatchObject({ status: 'refused', error: { code: 'QUESTION_EMPTY' } })
    const long = await test.ask('delay '.repeat(20_000))
    expect(long).toMatchObject({ status: 'refused', error: { code: 'QUESTION_TOO_LONG' } })
    expect(long.text).toContain('120,000')
    expect(long.question.length).toBeLessThanOrEqual(300)
  })

  it('runs SQL that reads through the gate, and refuses SQL that does not', async () => {
    const read = await test.ask('select origin, count(*) as flights from flights group by origin order by origin')
    expect(read.status, read.text).toBe('answered')
    expect(read.receipt?.origin.kind).toBe('person')
    expect(read.rows.map((row) => row[0])).toEqual(['EWR', 'JFK', 'LGA'])
    for (const sql of [
      'drop table flights',
      "select * from read_csv('/etc/passwd')",
      'select 1 from flights; delete from flights',
    ]) {
      const refused = await test.ask(sql)
      expect([refused.status, refused.rows], sql).toEqual(['refused', []])
    }
    expect((await test.ask('How many flights are there?')).rows).toEqual([[336776]])
  })

  it('says which table or column of typed SQL is unknown', async () => {
    const answer = await test.ask('select count(*) from flight')
    expect(answer.status).toBe('failed')
    expect(answer.error?.message).toContain('flights')
  })
})

describe('stopping [answer.stop]', () => {
  it('stops a running question down to the database', async () => {
    const controller = new AbortController()
    const startedAt = performance.now()
    const answer = await test.ask(
      'select count(*) from flights a, flights b, flights c where a.dep_delay + b.dep_delay > c.dep_delay',
      {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'step-start' && event.name === 'run') setImmediate(() => controller.abort())
        },
      },
    )
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'QUERY_CANCELLED' } })
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    // The engine is free again: a question behind it is answered.
    expect((await test.ask('How many airlines are there?')).rows).toEqual([[16]])
  })

  it('does nothing for a client that has already gone', async () => {
    const events: AskEvent[] = []
    const answer = await test.ask('How many airlines are there?', {
      signal: AbortSignal.abort(),
      onEvent: (event) => events.push(event),
    })
    expect(answer.status).toBe('failed')
    expect(events.some((event) => event.type === 'sql-proposed')).toBe(false)
  })
})
