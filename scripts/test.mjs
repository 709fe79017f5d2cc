// npm test: sets up what the tests need, checks the sources, runs every test, and counts.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { check } from './check-steps.mjs'
import { setUp } from './setup/index.mjs'
import { step } from './setup/progress.mjs'
import { node24, root, scratch } from './setup/root.mjs'
import { checkPython, installChromium } from './setup/services.mjs'
import { explain } from './setup/stop-with.mjs'
import { checkToolchain } from './setup/toolchain.mjs'

const total = { passed: 0, failed: 0 }
const add = ({ passed, failed }) => {
  total.passed += passed
  total.failed += failed
}
const env = { ...process.env, PATH: `${join(root, 'node_modules/node/bin')}:${process.env.PATH}` }
// The keys and settings of whoever runs the tests must reach no test and no vendor.
for (const name of Object.keys(env)) {
  if (/^(ANTHROPIC|OPENAI|LANGFUSE|PLUMBLINE)_|^DATABASE_URL$/.test(name)) delete env[name]
}

function rust() {
  const { status, stdout, stderr } = spawnSync('cargo', ['test', '--release', '--locked', '-p', 'plumbline-core'], {
    cwd: join(root, 'native'),
    env,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  const results = [...stdout.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)]
  const sum = (group) => results.reduce((count, match) => count + Number(match[group]), 0)
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd())
  console.log(`Rust: ${sum(1)} passed, ${sum(2)} failed`)
  // It failed without a failed test, or ran none: that is one failure.
  const broken = status !== 0 || sum(1) === 0
  return { passed: sum(1), failed: broken ? Math.max(1, sum(2)) : sum(2) }
}

function vitest() {
  const report = join(scratch, 'vitest.json')
  rmSync(report, { force: true })
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]
  const { status } = spawnSync(node24, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  const { numPassedTests: passed, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'))
  // A file that does not load has no tests to fail, an unhandled error belongs to none, and no test is no success.
  const broken = status !== 0 || passed === 0
  const failed = numFailedTests > 0 ? numFailedTests : broken ? Math.max(1, numFailedTestSuites) : 0
  return { report, counts: { passed, failed } }
}

/** Every promise of docs/capabilities.json is shown by a test that passed. */
function capabilities(report) {
  const { status } = spawnSync(node24, [join(root, 'scripts/capabilities.ts'), report], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

try {
  // The engine's own tests need cargo, also where the engine is built.
  checkToolchain()
  await setUp()
  await step('Chromium', installChromium)
  await step('Python', checkPython)
  console.log()
  add(check())
  console.log()
  add(rust())
  const { report, counts } = vitest()
  add(counts)
  if (process.argv.length === 2) add(capabilities(report))
} catch (error) {
  console.error(`\n${explain(error)}`)
  total.failed++
}
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
