import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import type { Answer } from '@plumbline/tools/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../infra/services/postgres.mjs'
import { createCheckpointer, openState, type State } from './index.ts'
import { anAnswer } from './testing/an-answer.ts'
import { CLOSED_PLACES, type Place } from './testing/places.ts'

const ME = 'me'
const OTHER = 'somebody-else'

describe.each(['embedded', 'server'] as const)('the state in the %s Postgres', (kind) => {
  let place: Place
  let state: State

  beforeAll(async () => {
    place = await CLOSED_PLACES[kind]()
    state = await openState(place.config)
  })
  afterAll(async () => {
    await state?.close()
    await place?.remove()
  })

  /** Saves an answer in a thread that is made when it is new. */
  async function save(answer: Answer, principalId: string) {
    const { threadId: id, question: title } = answer
    if (!(await state.threads.exists(id, principalId))) await state.threads.create({ id, title, principalId })
    await state.answers.save(answer, principalId, 'seen')
  }

  it('keeps answers, threads and votes across a restart [state.embedded]', async () => {
    expect(state.kind).toBe(kind)
    const answer = anAnswer({ id: 'restart-1', threadId: 'restart', createdAt: new Date().toISOString() })
    await save(answer, ME)
    await state.feedback.set('restart-1', ME, { vote: 'up' })
    await state.close()
    state = await openState(place.config)
    const thread = await state.threads.get('restart', ME)
    expect(thread.answers).toEqual([{ ...answer, vote: 'up', access: 'seen' }])
    expect(thread).toMatchObject({ title: answer.question, answerCount: 1 })
  })

  it('has pgvector', async () => {
    const { rows } = await sql<{ d: number }>`select '[3,4]'::vector <-> '[0,0]'::vector as d`.execute(state.db)
    expect(rows).toEqual([{ d: 5 }])
  })

  it('keeps values that Postgres text can not hold', async () => {
    const odd = ['nul \0 byte', 'lone \uD800 surrogate', '😀', "'; drop table answers; --"]
    const answer = anAnswer({
      id: 'odd-1',
      threadId: 'odd',
      question: odd.join(' '),
      rows: odd.map((value) => [value]),
    })
    await save(answer, ME)
    expect((await state.answers.get('odd-1', ME)).rows).toEqual(answer.rows)
  })

  it('refuses an id that Postgres text can not hold', async () => {
    const refused = { code: 'INPUT_INVALID' }
    await expect(state.threads.exists('a\0b', ME)).rejects.toMatchObject(refused)
    await expect(state.answers.get('a\0b', ME)).rejects.toMatchObject(refused)
    expect(await state.threads.exists("' or true --", ME)).toBe(false)
  })

  it('replaces an answer that is saved again, and keeps the order of saving', async () => {
    for (const id of ['order-1', 'order-2', 'order-3']) await save(anAnswer({ id, threadId: 'order' }), ME)
    await save(anAnswer({ id: 'order-1', threadId: 'order', text: 'corrected' }), ME)
    const { answers, answerCount } = await state.threads.get('order', ME)
    expect(answers.map(({ id, text }) => [id, text === 'corrected'])).toEqual([
      ['order-1', true],
      ['order-2', false],
      ['order-3', false],
    ])
    expect(answerCount).toBe(3)
  })

  it('pages threads newest first without losing or repeating one [api.threads]', async () => {
    const made: string[] = []
    for (let n = 0; n < 7; n++)
      made.unshift((await state.threads.create({ title: `Thread ${n}`, principalId: 'pager' })).id)
    const seen: string[] = []
    let before: string | null = null
    do {
      const page: Awaited<ReturnType<State['threads']['list']>> = await state.threads.list('pager', {
        limit: 3,
        ...(before ? { before } : {}),
      })
      seen.push(...page.threads.map((thread) => thread.id))
      before = page.next
    } while (before !== null)
    expect(seen).toHaveLength(7)
    expect(new Set(seen)).toEqual(new Set(made))
    await expect(state.threads.list('pager', { before: 'x' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('moves a thread to the top when it gets an answer', async () => {
    await save(anAnswer({ id: 'mover-1', threadId: 'mover-a' }), 'mover')
    // The list is ordered by the moment of the change; give the first thread an older one.
    await state.db
      .updateTable('threads')
      .set({ updated_at: new Date(0) })
      .where('id', '=', 'mover-a')
      .execute()
    await save(anAnswer({ id: 'mover-2', threadId: 'mover-b' }), 'mover')
    expect((await state.threads.list('mover')).threads.map(({ id }) => id)).toEqual(['mover-b', 'mover-a'])
    await state.db
      .updateTable('threads')
      .set({ updated_at: new Date(1) })
      .where('id', '=', 'mover-b')
      .execute()
    await save(anAnswer({ id: 'mover-3', threadId: 'mover-a' }), 'mover')
    expect((await state.threads.list('mover')).threads.map(({ id }) => id)).toEqual(['mover-a', 'mover-b'])
  })

  it('gives nothing of one person to another', async () => {
    await save(anAnswer({ id: 'mine-1', threadId: 'mine' }), ME)
    const refused = { code: 'NOT_FOUND' }
    expect(await state.threads.exists('mine', OTHER)).toBe(false)
    await expect(state.threads.get('mine', OTHER)).rejects.toMatchObject(refused)
    await expect(state.threads.rename('mine', OTHER, 'Taken')).rejects.toMatchObject(refused)
    await expect(state.threads.delete('mine', OTHER)).rejects.toMatchObject(refused)
    await expect(state.answers.get('mine-1', OTHER)).rejects.toMatchObject(refused)
    await expect(state.answers.ofReceipt('receipt-of-mine-1', OTHER)).rejects.toMatchObject(refused)
    await expect(state.feedback.set('mine-1', OTHER, { vote: 'down' })).rejects.toMatchObject(refused)
    await expect(state.answers.save(anAnswer({ id: 'theirs', threadId: 'mine' }), OTHER, 'seen')).rejects.toMatchObject(
      refused,
    )
    await state.threads.create({ id: 'theirs', principalId: OTHER })
    const overwrite = state.answers.save(anAnswer({ id: 'mine-1', threadId: 'theirs', receipt: null }), OTHER, 'seen')
    await expect(overwrite).rejects.toMatchObject(refused)
    expect(await state.threads.get('mine', ME)).toMatchObject({
      answerCount: 1,
      answers: [{ id: 'mine-1', vote: null }],
    })
    await expect(state.threads.create({ id: 'mine', principalId: OTHER })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('finds a receipt by its id [answer.receipt-fetch]', async () => {
    const answer = anAnswer({ id: 'proof-1', threadId: 'proof' })
    await save(answer, ME)
    expect((await state.answers.ofReceipt('receipt-of-proof-1', ME)).receipt).toEqual(answer.receipt)
    await expect(state.answers.ofReceipt('receipt-of-none', ME)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('takes a vote, changes it and takes it back', async () => {
    await save(anAnswer({ id: 'vote-1', threadId: 'vote' }), ME)
    const votes: unknown[] = []
    for (const vote of ['up', 'down', null] as const) {
      await state.feedback.set('vote-1', ME, { vote, comment: 'because' })
      votes.push((await state.answers.get('vote-1', ME)).vote)
    }
    expect(votes).toEqual(['up', 'down', null])
  })

  it('deletes a thread with its answers, votes and checkpoints', async () => {
    const checkpointer = await createCheckpointer(state)
    const Counter = Annotation.Root({ turns: Annotation<number>() })
    const graph = new StateGraph(Counter)
      .addNode('count', (value) => ({ turns: (value.turns ?? 0) + 1 }))
      .addEdge(START, 'count')
      .addEdge('count', END)
      .compile({ checkpointer })
    for (const thread_id of ['gone', 'stays']) {
      await save(anAnswer({ id: `${thread_id}-1`, threadId: thread_id }), ME)
      await graph.invoke({ turns: 1 }, { configurable: { thread_id }, durability: 'exit' })
    }
    await state.feedback.set('gone-1', ME, { vote: 'up' })
    await state.threads.delete('gone', ME)
    await expect(state.answers.get('gone-1', ME)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await graph.getState({ configurable: { thread_id: 'gone' } })).values).toEqual({})
    expect((await graph.getState({ configurable: { thread_id: 'stays' } })).values).toEqual({ turns: 2 })
    const votes = await state.db.selectFrom('feedback').selectAll().where('answer_id', '=', 'gone-1').execute()
    expect(votes).toEqual([])
  })

  it('goes on after an error, and rolls back what a broken client left open', async () => {
    await expect(state.pool.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' })
    const client = await state.pool.connect()
    await client.query('begin')
    await client.query("set search_path = 'nowhere'")
    await client.query("insert into public.threads values ('half', 'me', 't', now(), now())")
    client.release(new Error('broken'))
    expect(await state.threads.exists('half', ME)).toBe(false)
  })

  it('serves many callers at once', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `many-${n}`)
    await state.threads.create({ id: 'many', principalId: ME })
    await Promise.all(ids.map((id) => state.answers.save(anAnswer({ id, threadId: 'many' }), ME, 'seen')))
    expect((await state.threads.get('many', ME)).answers.map(({ id }) => id).sort()).toEqual(ids.sort())
  })
})

describe('a Postgres server that does not answer', () => {
  it('is reported as such, without the password', async () => {
    const opening = openState({ dataDir: '/nowhere', databaseUrl: 'postgres://me:hunter2@127.0.0.1:1/none' })
    const error = await opening.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'STATE_UNAVAILABLE' })
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })

  it('is reported when it goes away in the middle of a query, and the process lives on', async () => {
    const service = await start()
    const state = await openState({ dataDir: '/nowhere', databaseUrl: service.url })
    const client = await state.pool.connect()
    const waiting = client.query('select pg_sleep(60)').catch((thrown: unknown) => thrown)
    await service.stop()
    expect(await waiting).toBeInstanceOf(Error)
    client.release(true)
    await expect(state.threads.list(ME)).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' })
    await state.close()
  })
})
