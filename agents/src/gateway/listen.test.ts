import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { State } from '../state/index.ts'
import { listen } from './listen.ts'
import { ensureApiToken, readApiToken, readServerFile, removeServerFile, writeServerFile } from './local-files.ts'
import { API_TOKEN, runGateway, temporaryState } from './testing/running-gateway.ts'

describe('listening', () => {
  it('says in one line what to do when the port is taken [start.errors]', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const error = await listen(Fastify(), { host: '127.0.0.1', port }).catch((thrown: unknown) => thrown)
    other.close()
    expect(error).toMatchObject({
      code: 'PORT_TAKEN',
      message: `Port ${port} is taken by another program: stop it, or start with PLUMBLINE_PORT=${port + 1}.`,
    })
  })

  it('names the setting when the address is not of this machine', async () => {
    const error = await listen(Fastify(), { host: '203.0.113.7', port: 0 }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('PLUMBLINE_HOST') })
  })
})

describe('closing', () => {
  let state: State
  let remove: () => Promise<void>
  beforeAll(async () => {
    ;({ state, remove } = await temporaryState())
  })
  afterAll(() => remove?.())

  it('stops running questions and is done within two seconds, whatever hangs on [answer.stop]', async () => {
    const gateway = await runGateway(state)
    const started = gateway.assistant.next('started')
    const streamed = fetch(`${gateway.url}/api/ask`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${API_TOKEN}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: '{"question":"slow until the end"}',
    }).then((response) => response.text())
    await started
    const page = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/socket`, {
      headers: { authorization: `Bearer ${API_TOKEN}` },
    })
    await once(page, 'open')
    // A peer that never answers the closing handshake.
    page.pause()
    const startedAt = performance.now()
    await gateway.close()
    expect(performance.now() - startedAt).toBeLessThan(2000)
    // The client is told before the connection ends.
    expect(await streamed).toContain('"code":"QUERY_CANCELLED"')
    page.terminate()
  })
})

describe('the files that let the command line find the server', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'plumbline-files-'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  it('keep one API token that only its owner can read', async () => {
    expect(readApiToken(dataDir)).toBeNull()
    const token = ensureApiToken(dataDir)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect([ensureApiToken(dataDir), readApiToken(dataDir)]).toEqual([token, token])
    await writeFile(join(dataDir, 'api-token'), '')
    expect(ensureApiToken(dataDir)).toMatch(/^[\w-]{43}$/)
    expect((await stat(join(dataDir, 'api-token'))).mode & 0o077).toBe(0)
  })

  it('name the server while it lives, and no dead one', async () => {
    expect(readServerFile(dataDir)).toBeNull()
    writeServerFile(dataDir, 'http://127.0.0.1:3000')
    expect(readServerFile(dataDir)).toEqual({ url: 'http://127.0.0.1:3000', pid: process.pid })
    const file = join(dataDir, 'server.json')
    expect((await stat(file)).mode & 0o077).toBe(0)
    const written = await readFile(file, 'utf8')
    await writeFile(file, written.replace(/"identity":"[^"]*"/, '"identity":"the run before"'))
    expect(readServerFile(dataDir)).toBeNull()
    await writeFile(file, 'cut o')
    expect(readServerFile(dataDir)).toBeNull()
    await writeFile(file, written)
    removeServerFile(dataDir)
    expect(await readdir(dataDir)).not.toContain('server.json')
  })
})
