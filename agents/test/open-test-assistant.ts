import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, AskEvent, AskRequest } from '@plumbline/tools/contract'
import { type Assistant, createAssistant, loadConfig, localPrincipal, openState, type State } from '../src/index.ts'

export interface TestAssistant extends AsyncDisposable {
  readonly assistant: Assistant
  readonly state: State
  ask(request: string | AskRequest, options?: AskOptions): Promise<Answer>
  /** Closes everything and opens it again on the same directory, as a restart does. */
  restart(): Promise<void>
}

interface AskOptions {
  readonly signal?: AbortSignal
  readonly onEvent?: (event: AskEvent) => void
}

/** The real assistant on the shipped data with embedded state in a folder of its own. `env` is its whole environment. */
export async function openTestAssistant(env: Record<string, string> = {}): Promise<TestAssistant> {
  const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-test-'))
  const config = loadConfig({
    PLUMBLINE_MODEL: 'none',
    PLUMBLINE_LOG_LEVEL: 'silent',
    ...env,
    PLUMBLINE_DATA_DIR: dataDir,
  })
  const open = async () => {
    const state = await openState(config)
    return { state, assistant: await createAssistant(config, state) }
  }
  let current = await open()
  const close = async () => {
    await current.assistant.close()
    await current.state.close()
  }
  return {
    get assistant() {
      return current.assistant
    },
    get state() {
      return current.state
    },
    ask: (request, options = {}) =>
      current.assistant.ask(typeof request === 'string' ? { question: request } : request, {
        principal: localPrincipal,
        surface: 'rest',
        ...options,
      }),
    async restart() {
      await close()
      current = await open()
    },
    async [Symbol.asyncDispose]() {
      await close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
