import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuditEntry } from '../contract/index.ts'
import { entryHash } from './seal-entry.ts'
import { aLog, anyEntry, aQuery } from './testing/entries.ts'
import { type VerifyOptions, verifyChain } from './verify-chain.ts'

async function* rows(entries: readonly unknown[]) {
  yield* entries
}
const verify = (entries: readonly unknown[], options?: VerifyOptions) => verifyChain(rows(entries), options)
const faultOf = async (entries: readonly unknown[], options?: VerifyOptions) => (await verify(entries, options)).fault

const log = aLog(Array.from({ length: 9 }, (_, n) => aQuery({ question: `Question ${n + 1}` })))
const at = (seq: number) => log[seq - 1] as AuditEntry
const resealed = (entry: AuditEntry): AuditEntry => ({ ...entry, hash: entryHash(entry) })

describe('the audit chain', () => {
  it('is whole as it was written [audit.chain]', async () => {
    for (const entry of log) expect(AuditEntry.parse(entry)).toEqual(entry)
    expect(await verify(log)).toEqual({ ok: true, checked: 9, head: { seq: 9, hash: at(9).hash }, fault: null })
    expect(await verify([])).toEqual({ ok: true, checked: 0, head: { seq: 0, hash: '0'.repeat(64) }, fault: null })
    const tip = { seq: 9, hash: at(9).hash }
    expect((await verify(log, { tip, anchors: [{ hash: at(4).hash }, { seq: 9, hash: at(9).hash }] })).ok).toBe(true)
  })

  it('shows a changed entry, whichever field it was [audit.chain]', async () => {
    for (const change of [
      { rowsOut: 0 },
      { principal: { ...at(5).principal, id: 'bob' } },
      { sqlRun: 'SELECT 1' },
      { at: '2026-11-24T08:00:00.000Z' },
      { outcome: 'refused' },
      { policies: [] },
      { seq: 50 },
      { prevHash: at(3).hash },
      { hash: at(3).hash },
      { added: true },
    ]) {
      const changed = log.with(4, { ...at(5), ...change } as AuditEntry)
      expect(await faultOf(changed)).toMatchObject({ kind: 'changed', seq: 5 })
    }
    expect((await faultOf(log.with(4, { ...at(5), rowsOut: 0 })))?.message).toBe(
      'Entry 5 was changed: its content does not match its hash.',
    )
  })

  it('shows an entry that was rewritten with its hash, and one that only was put in its place [audit.chain]', async () => {
    const forged = resealed({ ...at(5), rowsOut: 0 })
    expect(await faultOf(log.with(4, forged))).toMatchObject({ kind: 'rewritten', seq: 6 })
    // At the end nothing follows that would show it: the head does.
    expect((await verify(log.with(8, resealed({ ...at(9), rowsOut: 0 })))).ok).toBe(true)
    for (const options of [{ tip: at(9) }, { anchors: [at(9)] }, { anchors: [{ hash: at(9).hash }] }]) {
      expect((await verify(log.with(8, resealed({ ...at(9), rowsOut: 0 })), options)).ok).toBe(false)
    }
  })

  it('shows removed, inserted and moved entries [audit.chain]', async () => {
    expect(await faultOf(log.toSpliced(4, 1))).toMatchObject({ kind: 'missing', seq: 5 })
    expect((await faultOf(log.toSpliced(2, 3)))?.message).toBe('Entries 3 to 5 were removed: after 2 comes 6.')
    expect(await faultOf(log.slice(1))).toMatchObject({ kind: 'missing', seq: 1 })
    const wedge = resealed({ ...at(5), question: 'never asked' })
    expect(await faultOf(log.toSpliced(4, 0, wedge))).toMatchObject({ kind: 'inserted', seq: 5 })
    expect(await faultOf(log.toSpliced(5, 0, at(2)))).toMatchObject({ kind: 'inserted', seq: 2 })
    expect(await faultOf(log.with(3, at(5)).with(4, at(4)))).toMatchObject({ kind: 'reordered', seq: 4 })
    expect(await faultOf([...log.slice(0, 3), ...log.slice(4), at(4)])).toMatchObject({ kind: 'reordered', seq: 4 })
  })

  it('shows a cut tail by the head of the log, or by one that was kept elsewhere [audit.chain]', async () => {
    const cut = log.slice(0, 6)
    expect((await verify(cut)).ok).toBe(true)
    for (const options of [{ tip: at(9) }, { anchors: [at(9)] }, { anchors: [{ hash: at(8).hash }] }]) {
      expect(await faultOf(cut, options)).toMatchObject({ kind: 'truncated', seq: 7 })
    }
    // The whole log made anew is sound in itself, and not the one that was kept.
    const anew = aLog(Array.from({ length: 9 }, () => aQuery({ question: 'harmless' })))
    expect(await faultOf(anew, { anchors: [at(6)] })).toMatchObject({ kind: 'rewritten', seq: 6 })
  })

  it('takes a part of a log that may begin anywhere, and nothing else in it', async () => {
    expect((await verify(log.slice(3), { partial: true })).ok).toBe(true)
    expect(await faultOf([{ ...at(4), ms: 1 }, ...log.slice(4)], { partial: true })).toMatchObject({ seq: 4 })
    expect(await faultOf(log.slice(3).toSpliced(2, 1), { partial: true })).toMatchObject({ kind: 'missing', seq: 6 })
  })

  it('takes rubbish for a fault and not for an exception', async () => {
    for (const rubbish of [null, 7, 'x', [], {}, { seq: 5 }, { ...at(5), seq: '5' }]) {
      expect(await faultOf(log.with(4, rubbish as AuditEntry))).toMatchObject({ kind: 'unreadable', seq: 5 })
    }
  })

  it('tells how far it is', async () => {
    const seen: number[] = []
    await verify(aLog(Array.from({ length: 2500 }, () => aQuery())), { onProgress: (checked) => seen.push(checked) })
    expect(seen).toEqual([1000, 2000])
  })

  it('shows any one mutation of any log [audit.chain]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEntry, { minLength: 2, maxLength: 8 }),
        fc.nat(),
        mutation,
        async (entries, n, mutate) => {
          const whole = aLog(entries)
          const tip = whole.at(-1) as AuditEntry
          expect((await verify(whole, { tip })).ok).toBe(true)
          const broken = mutate(structuredClone(whole), n % whole.length)
          fc.pre(JSON.stringify(broken) !== JSON.stringify(whole))
          const verdict = await verify(broken, { tip })
          expect(verdict.ok).toBe(false)
          expect(verdict.fault?.seq).toBeGreaterThan(0)
        },
      ),
      { numRuns: 300 },
    )
  })
})

type Mutation = (log: AuditEntry[], index: number) => AuditEntry[]

const FIELDS = [
  'principal',
  'surface',
  'action',
  'outcome',
  'question',
  'sqlAsked',
  'tables',
  'rowsOut',
  'ms',
  'at',
  'details',
] as const

/** One change of the kinds that somebody with write access can make to a single place. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant<Mutation>((log, index) => log.toSpliced(index, 1)),
  fc.constant<Mutation>((log, index) => log.toSpliced(index, 0, log[index] as AuditEntry)),
  fc.nat().map<Mutation>((other) => (log, index) => {
    const to = other % log.length
    return log.with(index, log[to] as AuditEntry).with(to, log[index] as AuditEntry)
  }),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.jsonValue(), fc.boolean())
    .map<Mutation>(([field, value, reseal]) => (log, index) => {
      const changed = { ...log[index], [field]: value } as AuditEntry
      return log.with(index, reseal ? resealed(changed) : changed)
    }),
  fc.constantFrom('hash', 'prevHash').chain((field) =>
    fc.nat(63).map<Mutation>((place) => (log, index) => {
      const entry = log[index] as AuditEntry
      const old = entry[field as 'hash']
      const digit = old[place] === 'f' ? '0' : 'f'
      return log.with(index, { ...entry, [field]: old.slice(0, place) + digit + old.slice(place + 1) })
    }),
  ),
  anyEntry.map<Mutation>(
    (entry) => (log, index) =>
      // A sound entry in between, linked to the one before it.
      log.toSpliced(index, 0, ...aLog([entry], index === 0 ? undefined : log[index - 1])),
  ),
)
