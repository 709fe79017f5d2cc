import type { Answer, Receipt } from '@plumbline/tools/contract'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { up } from './migrations/0060-answer-lineage.ts'
import { anAnswer } from './testing/an-answer.ts'
import { type OpenPlace, PLACES } from './testing/places.ts'

const MINE = { principalId: 'ana', all: false }
const ALL = { principalId: 'ana', all: true }
const flights = (column: string | null, source = 'flights') => ({ source, table: 'Flights', column })

/** An answer with this lineage in its receipt. */
function traced(
  id: string,
  principal: string,
  proof: Partial<Receipt>,
  createdAt = '2026-11-24T09:00:00.000Z',
): Answer {
  const answer = anAnswer({ id, threadId: `thread-of-${principal}`, question: `Question ${id}?`, createdAt })
  return { ...answer, receipt: { ...(answer.receipt as Receipt), ...proof } }
}
const DELAYS: Partial<Receipt> = {
  tables: [{ name: 'flights', columns: ['origin', 'delay'] }],
  lineage: [{ column: 'late', from: [{ table: 'flights', column: 'delay' }], exact: true }],
  influences: [{ table: 'flights', column: 'origin' }],
}

describe.each(Object.keys(PLACES) as (keyof typeof PLACES)[])('lineage of saved answers (%s)', (kind) => {
  let place: OpenPlace

  beforeAll(async () => {
    place = await PLACES[kind]()
    const { threads, answers } = place.state
    for (const principalId of ['ana', 'bob']) await threads.create({ id: `thread-of-${principalId}`, principalId })
    await answers.save(traced('a1', 'ana', DELAYS), 'ana', null)
    await answers.save(traced('a2', 'ana', {}, '2026-11-24T10:00:00.000Z'), 'ana', null)
    await answers.save(traced('b1', 'bob', DELAYS, '2026-11-24T11:00:00.000Z'), 'bob', null)
  }, 120_000)
  afterAll(() => place?.remove())

  it('is kept with the answer and found again [lineage.stored]', async () => {
    const { lineage } = place.state
    const found = await lineage.of('a1', MINE)
    expect(found).toMatchObject({ id: 'a1', threadId: 'thread-of-ana', question: 'Question a1?', source: 'flights' })
    expect(found.lineage.columns).toEqual(DELAYS.lineage)
    expect(found.sql).toContain('SELECT')
    await expect(lineage.of('b1', MINE)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    // Its SQL may hold values that only its owner may see.
    expect(await lineage.of('b1', ALL)).toMatchObject({ question: 'Question b1?', sql: null })
    await expect(lineage.of('nobody', ALL)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('tells which answers use a column, of others only to who may read all [lineage.impact]', async () => {
    const { lineage } = place.state
    const ids = async (...args: Parameters<typeof lineage.impact>) =>
      (await lineage.impact(...args)).map((item) => item.id)
    expect(await ids(flights('DELAY'), MINE, 10)).toEqual(['a1'])
    expect(await ids(flights('delay'), ALL, 10)).toEqual(['b1', 'a1'])
    expect(await ids(flights('origin'), ALL, 10)).toEqual(['b1', 'a2', 'a1'])
    expect(await ids(flights(null), ALL, 2)).toEqual(['b1', 'a2'])
    expect(await ids(flights('delay', 'elsewhere'), ALL, 10)).toEqual([])
    expect(await ids(flights("delay' or true --"), ALL, 10)).toEqual([])
    const [item] = await lineage.impact(flights('delay'), MINE, 1)
    expect(item).toMatchObject({ kind: 'answer', owner: 'ana', use: 'feeds', columns: ['late'], exact: true })
    const [decides] = await lineage.impact(flights('origin'), MINE, 1)
    expect(decides).toMatchObject({ id: 'a2', use: 'influences', columns: [] })
  })

  it('follows its answer: replaced with it, gone with it [lineage.stored]', async () => {
    const { lineage, answers, threads } = place.state
    await threads.create({ id: 'thread-of-eve', principalId: 'eve' })
    const eve = { principalId: 'eve', all: false }
    await answers.save(traced('e1', 'eve', DELAYS), 'eve', null)
    await answers.save(traced('e1', 'eve', { tables: [], lineage: [], influences: [] }), 'eve', null)
    expect(await lineage.impact(flights('delay'), eve, 10)).toEqual([])
    await answers.save(traced('e1', 'eve', DELAYS), 'eve', null)
    expect(await lineage.impact(flights('delay'), eve, 10)).toHaveLength(1)
    await answers.save({ ...traced('e1', 'eve', DELAYS), status: 'failed', receipt: null }, 'eve', null)
    await expect(lineage.of('e1', eve)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await answers.save(traced('e1', 'eve', DELAYS), 'eve', null)
    await threads.delete('thread-of-eve', 'eve')
    expect(await lineage.impact(flights('delay'), eve, 10)).toEqual([])
    // Somebody else's answer is not overwritten, nor is its lineage.
    await expect(answers.save(traced('b1', 'ana', {}), 'ana', null)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await lineage.of('b1', ALL)).lineage.columns).toEqual(DELAYS.lineage)
  })

  it('is made of the receipt for answers of before, as not exact [lineage.stored]', async () => {
    const { db, lineage } = place.state
    await sql`delete from answer_lineage where answer_id = 'a1'`.execute(db)
    await up(db as unknown as Kysely<unknown>)
    const [item] = await lineage.impact(flights('delay'), MINE, 10)
    expect(item).toMatchObject({ id: 'a1', use: 'reads', exact: false })
  })
})
