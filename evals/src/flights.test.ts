import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openHarness } from './open-harness.ts'
import { makeReport } from './report.ts'
import { runSuite } from './run-suite.ts'
import { loadSuite } from './suite.ts'
import { summary } from './summary.ts'

const FOLDER = fileURLToPath(new URL('../suites/flights', import.meta.url))

/** What step 1 promised; the baseline that a change may not lose comes with the gate of a later step. */
const FLOOR = 54

describe('the flights suite with no model', () => {
  it(`has ${FLOOR} of 60 right, and invents nothing where the data has no answer [evals.flights] [answer.joins]`, async () => {
    const suite = await loadSuite(FOLDER)
    expect(suite.cases).toHaveLength(60)
    expect(suite.cases.filter((testCase) => testCase.expect === 'refused')).toHaveLength(10)
    await using harness = await openHarness()
    const results = await runSuite(harness.assistant, harness.principal, harness.gold, suite)
    const report = makeReport({ suite: suite.name, model: harness.assistant.model, ...harness.provenance }, results)
    console.log(summary(report))
    expect(report.harness_errors).toBe(0)
    expect(report.refused_right).toBe(10)
    expect(report.correct, `wrong: ${report.misses.join(', ')}`).toBeGreaterThanOrEqual(FLOOR)
    const three = report.by_tag['three-tables']
    expect(three && three.correct / three.total).toBeGreaterThanOrEqual(0.75)
  }, 120_000)
})
