import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Capability, reportCapabilities, testsOf } from './capabilities-report.ts'

// node scripts/capabilities.ts REPORT: fails when a promise is shown by no passing test of Vitest's JSON report.
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const capabilities = JSON.parse(readFileSync(`${root}/docs/capabilities.json`, 'utf8')) as Capability[]
const [, , file = ''] = process.argv
const { shownBy, problems } = reportCapabilities(capabilities, testsOf(JSON.parse(readFileSync(file, 'utf8')), root))
for (const problem of problems) console.log(`✗ ${problem}`)
console.log(`Capabilities: ${shownBy.size} of ${capabilities.length} shown by a passing test`)
process.exitCode = problems.length > 0 ? 1 : 0
