import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Config } from '../../config.ts'
import { bad, type DoctorCheck, ok, warn } from './finding.ts'

const run = promisify(execFile)
const LOW_DISK_BYTES = 500e6

/** What must be on the machine and in the checkout. `root` is the checkout. */
export function installationChecks(root: string, config: Config): DoctorCheck[] {
  return [
    async function Node() {
      return ok('Node', `${process.version}`)
    },
    async function Rust() {
      const found = await run('cargo', ['--version']).catch(() => null)
      if (found) return ok('Rust', found.stdout.trim())
      return warn('Rust', 'cargo is not found', 'Needed only to build the engine: install it from https://rustup.rs.')
    },
    async function Engine() {
      // Through the guard: that it loads and that it judges.
      const { proveReadOnly } = await import('@plumbline/tools/sql')
      const { sql } = proveReadOnly('select 1 as one', { dialect: 'duckdb', maxRows: 1 })
      return ok('Engine', `the SQL guard answers: ${sql}`)
    },
    async function Page() {
      const built = existsSync(join(root, 'chat-ui/dist/index.html'))
      return built ? ok('Page', 'built') : bad('Page', 'not built', 'Run npm start: it builds the page.')
    },
    async function Data() {
      const { openSources } = await import('../../mcp/index.ts')
      const { closedGovernance } = await import('../../governance/closed-governance.ts')
      const sources = await openSources(closedGovernance)
      const seen = await sources.look()
      await sources.close()
      return ok('Data', seen.map(({ title, tables }) => `${title}: ${tables} tables`).join('; '))
    },
    async function Disk() {
      const folder = existsSync(config.dataDir) ? config.dataDir : root
      const { bavail, bsize } = await statfs(folder)
      const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free`
      return bavail * bsize > LOW_DISK_BYTES
        ? ok('Disk', free)
        : bad('Disk', free, 'Free some space: answers are kept there.')
    },
    async function Model() {
      const { createModel } = await import('../../models/index.ts')
      const model = createModel(config)
      if (model) return ok('Model', `${model.id} (its key is not tried here)`)
      return ok('Model', 'none: the planner answers alone. Set ANTHROPIC_API_KEY or OPENAI_API_KEY to add one.')
    },
    async function Version() {
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
      return ok('Plumbline', version)
    },
  ]
}
