import { randomUUID } from 'node:crypto'
import type { ApprovalOffer, Principal } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Approvals, approvalStore } from './approvals.ts'
import { type OpenPlace, PLACES } from './testing/places.ts'

const ana: Principal = { id: 'ana', name: 'Ana', roles: ['analyst'], attributes: {} }
const bo: Principal = { id: 'bo', name: 'Bo', roles: ['lead'], attributes: {} }
const cy: Principal = { id: 'cy', name: 'Cy', roles: ['lead'], attributes: {} }

describe.each(['embedded', 'server'] as const)('approvals in the %s Postgres', (kind) => {
  let place: OpenPlace
  let approvals: Approvals
  let now = new Date('2026-03-01T12:00:00Z')

  beforeAll(async () => {
    place = await PLACES[kind]()
    approvals = approvalStore(place.state.db, () => now)
  })
  afterAll(() => place?.remove())

  async function offered(asker = ana): Promise<{ id: string; threadId: string; hash: string }> {
    const [id, threadId, answerId] = [randomUUID(), randomUUID(), randomUUID()]
    await place.state.threads.create({ id: threadId, principalId: asker.id })
    const offer: ApprovalOffer = {
      id,
      figure: 'scanRows',
      value: 1.1e11,
      limit: 5e7,
      rules: ['analysts-scan'],
      estimate: { rows: 1.1e11, unit: 'rows', source: 'explain', exact: false },
      sql: 'SELECT 1',
      hint: 'Add a date range.',
      expiresAt: new Date(now.getTime() + 86_400_000).toISOString(),
    }
    const question = 'how many pairs of flights?'
    const hash = `hash-${id}`
    const surface = 'page'
    await approvals.offer({ offer, asker, source: 'engine', queryHash: hash, question, threadId, answerId, surface })
    return { id, threadId, hash }
  }
  const use = (id: string, hash: string) => ({
    id,
    principalId: 'ana',
    source: 'engine',
    queryHash: hash,
    figure: 'scanRows' as const,
    value: 1.1e11,
  })

  it('goes from offered to requested to approved to used, and each step is taken once [budget.approval]', async () => {
    const { id, hash } = await offered()
    expect(await approvals.get(id, 'ana')).toMatchObject({ state: 'offered', limit: 5e7, rules: ['analysts-scan'] })
    await expect(approvals.redeem(use(id, hash))).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(approvals.decide(id, bo, 'approved')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await approvals.request(id, 'ana', 'for the board')).toMatchObject({
      state: 'requested',
      comment: 'for the board',
    })
    await expect(approvals.request(id, 'ana')).rejects.toMatchObject({ code: 'CONFLICT' })
    const approved = await approvals.decide(id, bo, 'approved', 'once')
    expect(approved).toMatchObject({ state: 'approved', decision: { by: { id: 'bo', name: 'Bo' }, comment: 'once' } })
    await approvals.redeem(use(id, hash))
    expect(await approvals.get(id, null)).toMatchObject({ state: 'used' })
    await expect(approvals.redeem(use(id, hash))).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('is decided once when two people decide at the same time [budget.approval]', async () => {
    const { id } = await offered()
    await approvals.request(id, 'ana')
    const decided = await Promise.allSettled([
      approvals.decide(id, bo, 'approved'),
      approvals.decide(id, cy, 'declined', 'no'),
    ])
    expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const lost = decided.find((one) => one.status === 'rejected')
    expect(lost).toMatchObject({ reason: { code: 'CONFLICT' } })
  })

  it('is used once when two calls bring it at the same time [budget.approval]', async () => {
    const { id, hash } = await offered()
    await approvals.request(id, 'ana')
    await approvals.decide(id, bo, 'approved')
    const uses = await Promise.allSettled(Array.from({ length: 5 }, () => approvals.redeem(use(id, hash))))
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is not given by who asked, and not asked for by somebody else [budget.approval]', async () => {
    const { id } = await offered()
    await expect(approvals.request(id, 'bo')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await approvals.request(id, 'ana')
    await expect(approvals.decide(id, ana, 'approved')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(approvals.get(id, 'cy')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is for this query, this person, this source and about this much, and for nothing else [budget.approval]', async () => {
    const { id, hash } = await offered()
    await approvals.request(id, 'ana')
    await approvals.decide(id, bo, 'approved')
    const good = use(id, hash)
    for (const wrong of [
      { queryHash: 'another' },
      { principalId: 'bo' },
      { source: 'snowflake' },
      { value: 1.3e11 },
      { value: null },
      { figure: 'scanBytes' as const },
      { id: 'made-up' },
    ]) {
      await expect(approvals.redeem({ ...good, ...wrong })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    await approvals.redeem({ ...good, value: 1.15e11 })
  })

  it('expires a day after it was asked for, whatever had become of it [budget.approval]', async () => {
    const waiting = await offered()
    const given = await offered()
    now = new Date(now.getTime() + 3_600_000)
    for (const { id } of [waiting, given]) await approvals.request(id, 'ana')
    await approvals.decide(given.id, bo, 'approved')
    now = new Date(now.getTime() + 24 * 3_600_000 - 1)
    expect(await approvals.get(waiting.id, 'ana')).toMatchObject({ state: 'requested' })
    now = new Date(now.getTime() + 1)
    expect(await approvals.get(waiting.id, 'ana')).toMatchObject({ state: 'expired' })
    await expect(approvals.decide(waiting.id, bo, 'approved')).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { state: 'expired' },
    })
    await expect(approvals.redeem(use(given.id, given.hash))).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await approvals.undelivered(given.id)).toBeNull()
    expect((await approvals.list({ of: 'ana', state: 'expired' })).approvals.map(({ id }) => id)).toEqual(
      expect.arrayContaining([waiting.id, given.id]),
    )
  })

  it('is withdrawn when its thread goes on, but not once it has run', async () => {
    const waiting = await offered()
    await approvals.request(waiting.id, 'ana')
    await approvals.withdraw(waiting.threadId)
    expect(await approvals.get(waiting.id, 'ana')).toMatchObject({ state: 'withdrawn' })
    await expect(approvals.decide(waiting.id, bo, 'approved')).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('lists to others only what was asked for, by pages, and to the asker all of theirs', async () => {
    const dee: Principal = { ...ana, id: 'dee', name: 'Dee' }
    const made = []
    for (let i = 0; i < 3; i++) {
      now = new Date(now.getTime() + 1000)
      made.push(await offered(dee))
    }
    const [first, second, third] = made.map(({ id }) => id)
    await approvals.request(first ?? '', 'dee')
    await approvals.request(third ?? '', 'dee')
    const open = await approvals.list({ notOf: 'bo', state: 'requested' }, { limit: 1 })
    expect(open.approvals.map(({ id }) => id)).toEqual([third])
    const rest = await approvals.list({ notOf: 'bo', state: 'requested' }, { limit: 1, before: open.next ?? '' })
    expect(rest.approvals.map(({ id }) => id)).toEqual([first])
    expect((await approvals.list({ notOf: 'dee', state: 'requested' })).approvals).toEqual([])
    expect((await approvals.list({ of: 'dee' })).approvals.map(({ id }) => id)).toEqual([third, second, first])
  })

  it('knows after a restart which answers are still to be made [budget.approval]', async () => {
    const [approved, declined, open] = [await offered(), await offered(), await offered()]
    for (const { id } of [approved, declined, open]) await approvals.request(id, 'ana')
    await approvals.decide(approved.id, bo, 'approved')
    await approvals.decide(declined.id, bo, 'declined', 'too much')
    const again = approvalStore(place.state.db, () => now)
    const left = await again.allUndelivered()
    expect(left).toEqual(expect.arrayContaining([approved.id, declined.id]))
    expect(left).not.toContain(open.id)
    await again.delivered(approved.id)
    expect(await again.undelivered(approved.id)).toBeNull()
    expect(await again.undelivered(declined.id)).toMatchObject({ surface: 'page', approval: { state: 'declined' } })
  })
})
