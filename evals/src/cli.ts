import { parseArgs } from 'node:util'
import { toAppError } from '@plumbline/tools/errors'
import { openHarness } from './open-harness.ts'
import { makeReport } from './report.ts'
import { runSuite } from './run-suite.ts'
import { loadSuite } from './suite.ts'
import { summary } from './summary.ts'
import { writeReport } from './write-report.ts'

const USAGE = `Measures how often the answers are right.

  npm run evals -- [--suite FOLDER] [--limit N] [--out DIR]

  --suite   folder with questions.jsonl (default evals/suites/flights)
  --limit   ask only the first N questions
  --out     write report.json and results.jsonl there (default .plumbline/evals)
`

try {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string', default: 'evals/suites/flights' },
      limit: { type: 'string' },
      out: { type: 'string', default: '.plumbline/evals' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) process.stdout.write(USAGE)
  else
    await main(values.suite, values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit), values.out)
} catch (error) {
  const known = toAppError(error)
  const bad = error instanceof TypeError && 'code' in error
  process.stderr.write(`evals: ${bad ? error.message : known.message}\n`)
  process.exitCode = 1
}

async function main(folder: string, limit: number, out: string): Promise<void> {
  const suite = await loadSuite(folder)
  const cases = suite.cases.slice(0, limit)
  await using harness = await openHarness()
  const results = await runSuite(
    harness.assistant,
    harness.principal,
    harness.gold,
    { ...suite, cases },
    (result, i) => {
      const mark = result.right === null ? '!' : result.right ? '✓' : '✗'
      process.stdout.write(`${mark} ${String(i + 1).padStart(3)}/${cases.length} ${result.question}\n`)
    },
  )
  const report = makeReport({ suite: suite.name, model: harness.assistant.model, ...harness.provenance }, results)
  await writeReport(out, report, results)
  process.stdout.write(`\n${summary(report)}\n\nWritten to ${out}/report.json and ${out}/results.jsonl\n`)
}
