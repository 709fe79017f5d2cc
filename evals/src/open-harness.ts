import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Assistant,
  createAssistant,
  loadConfig,
  localPrincipal,
  openSources,
  openState,
  stateGovernance,
} from '@plumbline/agents'
import type { Principal } from '@plumbline/tools/contract'
import type { RunGold } from './run-case.ts'

export interface Harness extends AsyncDisposable {
  readonly assistant: Assistant
  readonly principal: Principal
  readonly gold: RunGold
  readonly provenance: { readonly commit: string; readonly date: string; readonly machine: string }
}

/** The most rows a gold may have; the answer is cut at its own limit and would then be wrong anyway. */
const GOLD_ROWS = 10_000

/**
 * The whole assistant in this process, over the shipped data and a state of its own that is thrown away. No model key is
 * read from the environment: what is measured here is the planner alone.
 */
export async function openHarness(): Promise<Harness> {
  const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-evals-'))
  const config = loadConfig({ PLUMBLINE_DATA_DIR: dataDir, PLUMBLINE_MODEL: 'none', PLUMBLINE_LOG_LEVEL: 'error' })
  const state = await openState(config)
  const assistant = await createAssistant(config, state)
  const sources = await openSources(stateGovernance(state))
  const [first] = sources.as({ principal: localPrincipal, surface: 'system' }).values()
  if (!first) throw new Error('no source to run the gold on')
  return {
    assistant,
    principal: localPrincipal,
    gold: async (sql) => (await first.runQuery({ sql, maxRows: GOLD_ROWS })).rows,
    provenance: { commit: commit(), date: new Date().toISOString().slice(0, 10), machine: machine() },
    async [Symbol.asyncDispose]() {
      await assistant.close()
      await sources.close()
      await state.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}

const machine = () => `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`
