import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenPlace, PLACES } from './testing/places.ts'
import { type UsageStore, usageStore } from './usage.ts'

const TTL = 60_000
const NO_LIMIT = { tokensPerDay: null, usdPerDay: null }

describe.each(['embedded', 'server'] as const)('the usage of a day in the %s Postgres', (kind) => {
  let place: OpenPlace
  let usage: UsageStore
  let now = new Date('2026-03-01T12:00:00Z')
  let people = 0
  const somebody = () => `person-${people++}`

  beforeAll(async () => {
    place = await PLACES[kind]()
    usage = usageStore(place.state.db, () => now)
  })
  afterAll(() => place?.remove())

  it('lets 20 questions at the same time take no more than there is [budget.daily]', async () => {
    const who = somebody()
    const limits = { tokensPerDay: 1000, usdPerDay: null }
    const held = await Promise.all(
      Array.from({ length: 20 }, () => usage.reserve(who, { tokens: 90, usd: 0.01 }, limits, TTL)),
    )
    const got = held.filter((one) => one.ok)
    expect(got).toHaveLength(11)
    expect((await usage.today(who)).held.tokens).toBe(990)
    await Promise.all(
      got.map((one) => usage.settle({ ...one, principalId: who }, { inputTokens: 30, outputTokens: 10, usd: 0.002 })),
    )
    const after = await usage.today(who)
    expect(after).toMatchObject({ inputTokens: 330, outputTokens: 110, held: { tokens: 0 } })
    expect(after.usd).toBeCloseTo(0.022)
    expect(after.held.usd).toBeCloseTo(0)
  })

  it('holds money as it holds tokens, and takes a sum of cents for what it is [budget.daily]', async () => {
    const who = somebody()
    const limits = { tokensPerDay: null, usdPerDay: 1 }
    for (let i = 0; i < 10; i++) {
      expect(await usage.reserve(who, { tokens: 5, usd: 0.1 }, limits, TTL)).toMatchObject({ ok: true })
    }
    const over = await usage.reserve(who, { tokens: 5, usd: 0.1 }, limits, TTL)
    expect(over).toMatchObject({ ok: false, use: { held: { tokens: 50 } } })
  })

  it('refuses a first call that alone is too much, and counts each person for themselves', async () => {
    const limits = { tokensPerDay: 100, usdPerDay: null }
    const [one, other] = [somebody(), somebody()]
    expect(await usage.reserve(one, { tokens: 101, usd: 0 }, limits, TTL)).toMatchObject({ ok: false })
    expect(await usage.reserve(one, { tokens: 100, usd: 0 }, limits, TTL)).toMatchObject({ ok: true })
    expect(await usage.reserve(other, { tokens: 100, usd: 0 }, limits, TTL)).toMatchObject({ ok: true })
  })

  it('gives back what a process that died had held, when it expires [budget.daily]', async () => {
    const who = somebody()
    const limits = { tokensPerDay: 100, usdPerDay: null }
    const lost = await usage.reserve(who, { tokens: 80, usd: 0 }, limits, TTL)
    expect(await usage.reserve(who, { tokens: 80, usd: 0 }, limits, TTL)).toMatchObject({ ok: false })
    now = new Date(now.getTime() + TTL + 1)
    expect(await usage.reserve(who, { tokens: 80, usd: 0 }, limits, TTL)).toMatchObject({ ok: true })
    // It was not dead after all: what it used counts, and is not given back a second time.
    if (lost.ok) await usage.settle({ ...lost, principalId: who }, { inputTokens: 20, outputTokens: 0, usd: 0 })
    expect(await usage.today(who)).toMatchObject({ inputTokens: 20, held: { tokens: 80 } })
  })

  it('starts anew at midnight UTC; a call over midnight counts for the day it began [budget.daily]', async () => {
    const who = somebody()
    const limits = { tokensPerDay: 100, usdPerDay: null }
    now = new Date('2026-03-02T23:59:59Z')
    const late = await usage.reserve(who, { tokens: 100, usd: 0 }, limits, TTL)
    now = new Date('2026-03-03T00:00:01Z')
    expect(await usage.reserve(who, { tokens: 100, usd: 0 }, limits, TTL)).toMatchObject({ ok: true })
    if (late.ok) await usage.settle({ ...late, principalId: who }, { inputTokens: 60, outputTokens: 0, usd: 0 })
    expect((await usage.days(who, 2)).map((day) => [day.day, day.inputTokens])).toEqual([
      ['2026-03-03', 0],
      ['2026-03-02', 60],
    ])
  })

  it('counts questions, queries and rows beside, and lists everybody by what they cost', async () => {
    now = new Date('2026-04-01T10:00:00Z')
    const [cheap, dear] = [somebody(), somebody()]
    await usage.count(cheap, { questions: 2, queries: 1, rowsScanned: 336_776 })
    await usage.count(cheap, { queries: 1, rowsScanned: 1e15 })
    await usage.charge(dear, { inputTokens: 10, outputTokens: 5, usd: 0.5 })
    expect(await usage.today(cheap)).toMatchObject({ questions: 2, queries: 2, rowsScanned: 1e15 + 336_776 })
    const { people: all, from, to } = await usage.people(7)
    expect([from, to]).toEqual(['2026-03-26', '2026-04-01'])
    expect(all.map(({ principalId }) => principalId)).toEqual([dear, cheap])
  })

  it('is never passed by calls that use at most what they held', async () => {
    now = new Date('2026-05-01T10:00:00Z')
    const call = fc.record({ need: fc.nat(600), used: fc.nat(600), late: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const who = somebody()
        const limits = { tokensPerDay: 1000, usdPerDay: null }
        await Promise.all(
          calls.map(async ({ need, used, late }) => {
            const held = await usage.reserve(who, { tokens: need, usd: 0 }, limits, TTL)
            if (!held.ok) return
            if (late) await usage.today(who)
            const spent = { inputTokens: Math.min(used, need), outputTokens: 0, usd: 0 }
            await usage.settle({ ...held, principalId: who }, spent)
          }),
        )
        const { inputTokens, held } = await usage.today(who)
        expect(inputTokens).toBeLessThanOrEqual(1000)
        expect(held.tokens).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('holds nothing where nothing is limited but what is asked', async () => {
    const who = somebody()
    expect(await usage.reserve(who, { tokens: 1e9, usd: 1e6 }, NO_LIMIT, TTL)).toMatchObject({ ok: true })
  })
})
