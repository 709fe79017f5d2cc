import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const CONFIG = fileURLToPath(new URL('../.dependency-cruiser.cjs', import.meta.url))
const CRUISER = fileURLToPath(new URL('../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', import.meta.url))

/** Who may not import whom, and the rule that says so. */
const PLANTED: readonly [from: string, to: string, rule: string][] = [
  ['chat-ui/src/a.ts', 'tools/src/sql/index.ts', 'page-knows-the-contract-only'],
  ['chat-ui/src/b.ts', 'agents/src/index.ts', 'page-knows-the-contract-only'],
  ['evals/src/a.ts', 'agents/src/planner/index.ts', 'evals-over-agents'],
  ['agents/src/assistant/a.ts', 'chat-ui/src/b.ts', 'agents-over-kit'],
  ['agents/src/assistant/b.ts', 'native/src/index.ts', 'agents-over-kit'],
  ['agents/src/sql/a.ts', 'mcp-servers/engine/src/index.ts', 'one-file-names-a-server'],
  ['agents/src/assistant/c.ts', 'agents/src/gateway/server.ts', 'gateway-is-a-door'],
  ['agents/src/sql/b.ts', 'agents/src/ml/agent.ts', 'sql-agent-stands-alone'],
  ['agents/src/insight/b.ts', 'agents/src/sql/a.ts', 'insight-agent-stands-alone'],
  ['agents/src/ml/b.ts', 'agents/src/assistant/c.ts', 'ml-agent-stands-alone'],
  ['mcp-servers/engine/src/a.ts', 'mcp-servers/kafka/src/index.ts', 'servers-over-kit'],
  ['mcp-servers/engine/src/b.ts', 'agents/src/index.ts', 'servers-over-kit'],
  ['mcp-servers/kit/src/a.ts', 'mcp-servers/engine/src/index.ts', 'kit-over-tools'],
  ['mcp-servers/kit/src/b.ts', 'native/src/index.ts', 'kit-over-tools'],
  ['tools/src/plan/a.ts', 'agents/src/index.ts', 'tools-at-the-bottom'],
  ['tools/src/plan/b.ts', 'native/src/index.ts', 'native-through-the-gate'],
  ['tools/src/contract/a.ts', 'tools/src/sql/index.ts', 'contract-is-zod-only'],
  ['tools/src/errors/a.ts', 'node:fs', 'contract-is-zod-only'],
  ['native/src/a.ts', 'tools/src/errors/index.ts', 'native-knows-nobody'],
  ['agents/src/models/a.ts', 'agents/src/models/test-servers/server.ts', 'tests-stay-out'],
  ['agents/src/planner/a.ts', 'agents/src/planner/b.test.ts', 'tests-stay-out'],
  ['tools/src/charts/a.ts', 'tools/src/charts/b.ts', 'no-cycles'],
]

/** What the layers are for. */
const RIGHT: readonly [from: string, to: string][] = [
  ['chat-ui/src/ok.ts', 'tools/src/contract/index.ts'],
  ['evals/src/ok.ts', 'agents/src/index.ts'],
  ['agents/src/cli/ok.ts', 'agents/src/gateway/server.ts'],
  ['agents/src/mcp/registry.ts', 'mcp-servers/engine/src/index.ts'],
  ['agents/src/sql/ok.ts', 'tools/src/sql/index.ts'],
  ['mcp-servers/engine/src/ok.ts', 'mcp-servers/kit/src/index.ts'],
  ['mcp-servers/kit/src/ok.ts', 'tools/src/errors/index.ts'],
  ['tools/src/sql/ok.ts', 'native/src/index.ts'],
  ['agents/src/planner/ok.test.ts', 'agents/src/planner/fixtures/rows.ts'],
]

/** Closes the planted cycle, which is reported once. */
const BACK = ['tools/src/charts/b.ts', 'tools/src/charts/a.ts'] as const

interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

let folder: string
let violations: Violation[]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-layers-'))
  const imports = new Map<string, string[]>()
  for (const [from, to] of [...PLANTED, ...RIGHT, BACK]) {
    imports.set(from, [...(imports.get(from) ?? []), to])
    if (!to.startsWith('node:') && !imports.has(to)) imports.set(to, [])
  }
  for (const [file, targets] of imports) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    const lines = targets.map((to) => {
      const path = to.startsWith('node:') ? to : relative(dirname(file), to)
      return `import '${path.startsWith('.') || path.startsWith('node:') ? path : `./${path}`}'`
    })
    writeFileSync(join(folder, file), `${lines.join('\n')}\nexport {}\n`)
  }
  const roots = ['agents', 'chat-ui', 'evals', 'mcp-servers', 'native', 'tools']
  const options = { cwd: folder, encoding: 'utf8', maxBuffer: 64 << 20 } as const
  const args = [CRUISER, '--config', CONFIG, '--output-type', 'json', ...roots]
  const report = JSON.parse(execFileSync(process.execPath, args, options)) as { summary: { violations: Violation[] } }
  violations = report.summary.violations
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const brokenBy = (from: string, to: string) =>
  violations
    .filter((one) => one.from === from && (one.to === to || one.to === to.replace('node:', '')))
    .map((one) => one.rule.name)

describe('the layers', () => {
  it.each(PLANTED)('%s may not import %s', (from, to, rule) => {
    expect(brokenBy(from, to)).toContain(rule)
  })

  it.each(RIGHT)('%s may import %s', (from, to) => {
    expect(brokenBy(from, to)).toEqual([])
  })
})
