import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from '../../../../infra/services/postgres.mjs'
import { openState, type State } from '../index.ts'

export interface OpenPlace {
  readonly state: State
  remove(): Promise<void>
}

/** The state where it can live: in the process, and in a real server. */
export const PLACES: Record<'embedded' | 'server', () => Promise<OpenPlace>> = {
  embedded: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-budget-'))
    const state = await openState({ dataDir })
    const remove = async () => {
      await state.close()
      await rm(dataDir, { recursive: true, force: true })
    }
    return { state, remove }
  },
  server: async () => {
    const service = await start()
    const state = await openState({ dataDir: '/nowhere', databaseUrl: service.url })
    const remove = async () => {
      await state.close()
      await service.stop()
    }
    return { state, remove }
  },
}
