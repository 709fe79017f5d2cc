import { ImpactReport, LineageGraph } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTarget } from '../cli/commands/impact.ts'
import type { State } from '../state/index.ts'
import { anAnswer } from '../state/testing/an-answer.ts'
import { BY_GROUP, keyOf } from './testing/restricted-caller.ts'
import { type Gateway, runGateway, temporaryState } from './testing/running-gateway.ts'
import { CATALOG } from './testing/scripted-assistant.ts'

let gateway: Gateway
let state: State
let remove: () => Promise<void>

beforeAll(async () => {
  ;({ state, remove } = await temporaryState())
  gateway = await runGateway(state, { identity: BY_GROUP })
  for (const [id, principalId] of [
    ['mine', 'local'],
    ['anas', 'ana'],
  ] as const) {
    await state.threads.create({ id: `thread-${id}`, principalId })
    await state.answers.save(anAnswer({ id, threadId: `thread-${id}` }), principalId, null)
  }
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

/** As somebody with these permissions. */
async function as(id: string, permissions: Parameters<typeof keyOf>[2], path: string) {
  const key = await keyOf(state, id, permissions, ['read'])
  const response = await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${key}` } })
  return { status: response.status, text: await response.text() }
}

describe('lineage over HTTP', () => {
  it('is the graph of an answer, without what its reader may not see [lineage.columns]', async () => {
    const { status, body } = await gateway.call('GET', '/api/lineage?answer=mine')
    expect(status).toBe(200)
    const graph = LineageGraph.parse(body)
    expect(graph.nodes.map((node) => node.kind).sort()).toEqual(['answer', 'column', 'query', 'result', 'table'])
    expect(graph.edges.map((edge) => edge.kind).sort()).toEqual(['gives', 'holds', 'influences', 'shows'])
    // The catalog of this person has no column `time_hour`.
    expect(JSON.stringify(graph)).not.toContain('time_hour')
  })

  it('is of others only for who has the permission; the unknown and the foreign look alike [lineage.impact]', async () => {
    const path = '/api/lineage?answer=mine'
    const foreign = await as('ana', ['ask'], path)
    const unknown = await as('ana', ['ask'], '/api/lineage?answer=nothing')
    expect([foreign.status, foreign.text]).toEqual([404, unknown.text])
    expect((await as('ana', ['ask'], '/api/lineage?answer=anas')).status).toBe(200)
    expect((await as('eve', ['ask', 'lineage.read'], path)).status).toBe(200)
    expect((await as('mute', ['lineage.read'], path)).status).toBe(403)
    expect((await fetch(`${gateway.url}${path}`)).status).toBe(401)
  })

  it('says what breaks when a column goes: verified queries, and answers that one may see [lineage.impact]', async () => {
    const impact = async (query: string) =>
      ImpactReport.parse((await gateway.call('GET', `/api/lineage/impact?${query}`)).body)
    const whole = await impact('source=flights&table=flights&column=origin')
    expect(whole).toMatchObject({ scope: 'all', truncated: false })
    expect(whole.items.map(({ kind, id, owner, use }) => [kind, id, owner, use])).toEqual([
      ['verified-query', 'Flights by origin?', null, 'feeds'],
      ['answer', 'anas', 'ana', 'influences'],
      ['answer', 'mine', 'local', 'influences'],
    ])
    const own = JSON.parse((await as('ana', ['ask'], '/api/lineage/impact?source=flights&table=flights')).text)
    expect(ImpactReport.parse(own)).toMatchObject({ scope: 'own', column: null })
    expect(own.items.map((item: { id: string }) => item.id)).toEqual(['Flights by origin?', 'anas'])
  })

  it('knows nothing of a column that its asker may not see, though answers use it [lineage.impact]', async () => {
    const status = async (query: string) => (await gateway.call('GET', `/api/lineage/impact?${query}`)).status
    expect(await status('source=flights&table=flights&column=time_hour')).toBe(404)
    expect(await status('source=flights&table=nothing')).toBe(404)
    expect(await status('source=nothing&table=flights')).toBe(404)
    expect(await status('table=flights')).toBe(400)
  })
})

describe('plumbline impact', () => {
  it('finds the table or the column that a name means [lineage.impact]', () => {
    expect(findTarget(CATALOG, 'FLIGHTS', undefined)).toEqual({ source: 'flights', table: 'flights', column: null })
    expect(findTarget(CATALOG, 'flights.Origin', 'flights')).toMatchObject({ table: 'flights', column: 'origin' })
    expect(() => findTarget(CATALOG, 'flights.orign', undefined)).toThrow(/no table or column `flights.orign`/)
    const [source] = CATALOG.sources
    const two = { sources: [...CATALOG.sources, ...(source ? [{ ...source, name: 'other' }] : [])] }
    expect(() => findTarget(two, 'flights', undefined)).toThrow(/--source flights or --source other/)
  })
})
