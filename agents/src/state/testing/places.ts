import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from '../../../../infra/services/postgres.mjs'
import { openState, type State } from '../index.ts'

type Kind = 'embedded' | 'server'

/** Where a state can live: in the process, and in a real server. */
export interface Place {
  readonly config: { dataDir: string; databaseUrl?: string }
  remove(): Promise<void>
}

/** Places in which nothing is opened yet, for tests that open and close the state themselves. */
export const CLOSED_PLACES: Record<Kind, () => Promise<Place>> = {
  embedded: async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-state-'))
    return { config: { dataDir }, remove: () => rm(dataDir, { recursive: true, force: true }) }
  },
  server: async () => {
    const service = await start()
    return { config: { dataDir: '/nowhere', databaseUrl: service.url }, remove: service.stop }
  },
}

export interface OpenPlace {
  readonly state: State
  remove(): Promise<void>
}

const opened = (kind: Kind) => async (): Promise<OpenPlace> => {
  const place = await CLOSED_PLACES[kind]()
  const state = await openState(place.config)
  const remove = async () => {
    await state.close()
    await place.remove()
  }
  return { state, remove }
}

/** The same, opened. */
export const PLACES: Record<Kind, () => Promise<OpenPlace>> = { embedded: opened('embedded'), server: opened('server') }
