import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Config, loadConfig } from '../config.ts'
import type { State } from '../state/index.ts'
import { readApiToken, readServerFile } from './local-files.ts'
import { startServer } from './server.ts'
import { ScriptedAssistant } from './testing/scripted-assistant.ts'

let dataDir: string
let config: Config
const scripted = async (_config: Config, opening: Promise<State>) => new ScriptedAssistant(await opening)

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-server-'))
  config = loadConfig({ PLUMBLINE_DATA_DIR: dataDir, PLUMBLINE_PORT: '0', PLUMBLINE_LOG_LEVEL: 'silent' })
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

describe('startServer', () => {
  it('opens with the token it gives, is found by the command line, and leaves nothing locked [safety.token]', async () => {
    const server = await startServer(config, scripted)
    const opened = await fetch(`${server.url}/?token=${server.token}`, { redirect: 'manual' })
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/'])

    expect(readServerFile(dataDir)?.url).toBe(server.url)
    const headers = { authorization: `Bearer ${readApiToken(dataDir)}` }
    expect((await fetch(`${server.url}/api/me`, { headers })).status).toBe(200)

    // A port that is taken: the directory must be free for the next try, and the first server must not notice.
    const port = new URL(server.url).port
    const other = await mkdtemp(join(tmpdir(), 'plumbline-server-'))
    const otherConfig = loadConfig({ PLUMBLINE_DATA_DIR: other, PLUMBLINE_PORT: port, PLUMBLINE_LOG_LEVEL: 'silent' })
    await expect(startServer(otherConfig, scripted)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    await expect(startServer(otherConfig, scripted)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(readServerFile(other)).toBeNull()
    await rm(other, { recursive: true, force: true })
    await expect(startServer(config, scripted)).rejects.toMatchObject({ code: 'DATA_DIR_LOCKED' })
    expect(readServerFile(dataDir)?.url).toBe(server.url)

    await server.close()
    expect(readServerFile(dataDir)).toBeNull()
    const again = await startServer(config, scripted)
    await again.close()
  })
})
