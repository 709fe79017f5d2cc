import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, gateOf, makeCase, plainGate } from './differential/case.ts'
import { chanceOf } from './differential/chance.ts'
import type { System } from './differential/expected.ts'
import { openPair, type Pair } from './differential/systems.ts'

/** Queries in all; more of them at night: `PLUMBLINE_CASES=10000`. */
const CASES = Number(process.env.PLUMBLINE_CASES ?? 500)
const PER_DATABASE = 5
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

  it('brings what a plain one brings over data that was filtered and masked before [governance.differential] [governance.row-filters] [governance.masks] [governance.every-position]', async () => {
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
  })
})

type Outcome = Awaited<ReturnType<Pair['full']['run']>>
