import type { GateTable } from '@plumbline/native'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, gateOf, makeCase, plainGate } from './differential/case.ts'
import { chanceOf } from './differential/chance.ts'
import type { System } from './differential/expected.ts'
import { type Outcome, openPair, type Pair } from './differential/systems.ts'

/** Queries in all; more of them at night: `PLUMBLINE_CASES=10000`. */
const CASES = Number(process.env.PLUMBLINE_CASES ?? 500)
const PER_DATABASE = 5
/** Thousands of cases take minutes. */
const TIMEOUT = Math.max(120_000, CASES * 200)
const ROWS = 100_000

const SYSTEMS: readonly System[] = ['duckdb', 'postgresql']

describe.each(SYSTEMS)('a governed query in %s', (system) => {
  let places: Pair
  beforeAll(async () => {
    places = await openPair(system)
  })
  afterAll(async () => {
    await places?.close()
  })

  /** Runs each query over the full data through the gate and plainly over the copy; hands over both outcomes. */
  async function compare(made: Case, see: (sql: string, governed: Outcome, plain: Outcome, asked: string) => void) {
    const { whole, copy, governed, queries } = made
    await places.full.fill(whole)
    await places.copy.fill(copy)
    const gate = gateOf(governed, system)
    const plain = plainGate(copy, system)
    for (const asked of queries) {
      const { sql } = gate.check(asked, ROWS)
      see(sql, await places.full.run(sql), await places.copy.run(plain.check(asked, ROWS).sql), asked)
    }
  }

  it(
    'brings what a plain one brings over data that was filtered and masked before [governance.differential] [governance.row-filters] [governance.masks] [governance.every-position]',
    async () => {
      let [ran, failed, governedOnes] = [0, 0, 0]
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (g) => {
          const made = makeCase(chanceOf(g), system, PER_DATABASE)
          await compare(made, (sql, governed, plain, asked) => {
            const shown = `${asked}\n${sql}\n${JSON.stringify(governed)}\n${JSON.stringify(plain)}`
            if ('failure' in plain) failed++
            else ran++
            if (sql.includes(' AS base')) governedOnes++
            if ('failure' in plain) expect('failure' in governed, shown).toBe(true)
            else expect(governed, shown).toEqual(plain)
          })
        }),
        { numRuns: Math.ceil(CASES / PER_DATABASE), endOnFailure: process.env.PLUMBLINE_SHRINK === undefined },
      )
      if (process.env.PLUMBLINE_REPORT) console.log({ system, ran, failed, governedOnes })
      // Else the property would hold of nothing.
      expect(ran).toBeGreaterThan(CASES * 0.7)
      expect(governedOnes).toBeGreaterThan(CASES * 0.5)
    },
    TIMEOUT,
  )
})

describe('the proof itself', () => {
  let places: Pair
  beforeAll(async () => {
    places = await openPair('duckdb')
  })
  afterAll(async () => {
    await places?.close()
  })

  it('sees a filter that is left out in one position, a mask that is not applied and a denied column [governance.differential]', async () => {
    const found = { filter: [0, 0], mask: [0, 0], denied: [0, 0] }
    const cases = fc.sample(fc.gen(), { numRuns: 60, seed: 4 }).map((g) => makeCase(chanceOf(g), 'duckdb', 4))
    for (const { whole, copy, governed, queries } of cases) {
      await places.full.fill(whole)
      await places.copy.fill(copy)
      const plain = plainGate(copy, 'duckdb')
      const gates = {
        filter: gateOf(governed, 'duckdb'),
        mask: gateOf(governed.map(withoutMasks), 'duckdb'),
        denied: gateOf(governed.map(withoutDenied), 'duckdb'),
      }
      for (const asked of queries) {
        const right = gates.filter.check(asked, ROWS).sql
        const expected = await places.copy.run(plain.check(asked, ROWS).sql)
        for (const kind of ['filter', 'mask', 'denied'] as const) {
          const sql = kind === 'filter' ? withoutOneFilter(right) : gates[kind].check(asked, ROWS).sql
          // Only `*` can take a column that no query names.
          if (sql === right || (kind === 'denied' && !/SELECT (\w+\.)?\*/.test(asked))) continue
          found[kind][0] = (found[kind][0] ?? 0) + 1
          const outcome = await places.full.run(sql)
          const same =
            'failure' in expected ? 'failure' in outcome : JSON.stringify(outcome) === JSON.stringify(expected)
          if (!same) found[kind][1] = (found[kind][1] ?? 0) + 1
        }
      }
    }
    if (process.env.PLUMBLINE_REPORT) console.log(found)
    for (const [kind, [changed = 0, seen = 0]] of Object.entries(found)) {
      expect(changed, kind).toBeGreaterThan(10)
      // One case may hide it (no row differs, the column is not asked for); a run of hundreds can not.
      expect(seen, kind).toBeGreaterThan(2)
    }
  })
})

const withoutMasks = (table: GateTable): GateTable => ({
  ...table,
  columns: table.columns.map(({ mask, ...column }) => column),
})

const withoutDenied = (table: GateTable): GateTable => ({
  ...table,
  columns: table.columns.map((column) => ({ ...column, denied: false })),
})

/** The query with its last filter gone, wherever that stands. */
function withoutOneFilter(sql: string): string {
  const mark = ' AS base WHERE ('
  const at = sql.lastIndexOf(mark)
  if (at < 0) return sql
  const start = at + mark.length - 1
  let [end, depth, quoted] = [start, 0, false]
  for (; end < sql.length; end++) {
    if (sql[end] === "'") quoted = !quoted
    if (quoted) continue
    if (sql[end] === '(') depth++
    if (sql[end] === ')' && --depth === 0 && !sql.startsWith(' AND (', end + 1)) break
  }
  return `${sql.slice(0, start)}(1 = 1)${sql.slice(end + 1)}`
}
