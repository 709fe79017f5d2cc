import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiKeyList } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { type StartedServer, startServer } from '../src/gateway/server.ts'
import { ScriptedAssistant } from '../src/gateway/testing/scripted-assistant.ts'
import { runPlumbline } from './run-plumbline.ts'

let dataDir: string
let server: StartedServer | undefined

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-keys-'))
})
afterAll(async () => {
  await server?.close()
  await rm(dataDir, { recursive: true, force: true })
})

const keys = (...args: string[]) =>
  runPlumbline(['keys', ...args], { cwd: dataDir, env: { PLUMBLINE_DATA_DIR: dataDir } })

describe('plumbline keys, in its own process [identity.api-keys]', () => {
  it('makes, lists and revokes keys, with and without a running server', async () => {
    const before = await keys('create', 'nightly report', '--scope', 'read', '--days', '7')
    expect([before.code, before.out]).toEqual([0, expect.stringMatching(/^pl_[\w-]{43}\n$/)])
    expect(before.err).toContain('only time')

    const config = loadConfig({ PLUMBLINE_DATA_DIR: dataDir, PLUMBLINE_PORT: '0', PLUMBLINE_LOG_LEVEL: 'silent' })
    server = await startServer(config, async (_config, opening) => new ScriptedAssistant(await opening))
    const { url } = server
    const status = async (secret: string, path = '/api/catalog') =>
      (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${secret.trim()}` } })).status
    expect([await status(before.out), await status(before.out, '/api/users')]).toEqual([200, 403])

    const during = await keys('create', 'another', '--scope', 'ask,admin')
    expect([await status(during.out), await status(during.out, '/api/users')]).toEqual([403, 200])

    const listed = ApiKeyList.shape.keys.parse(JSON.parse((await keys('list', '--json')).out))
    expect(listed.map(({ name, scopes, status: state }) => [name, scopes, state])).toEqual([
      ['another', ['ask', 'admin'], 'active'],
      ['nightly report', ['read'], 'active'],
    ])
    expect((await keys('list')).out).toContain('nightly report')

    const ended = await keys('revoke', listed[1]?.id ?? '')
    expect(ended.code).toBe(0)
    expect(await status(before.out)).toBe(401)
    expect(await keys('revoke', 'nothing')).toMatchObject({ code: 1, err: 'There is no such key.\n' })
  })

  it('says in one line what a key needs', async () => {
    for (const [args, message] of [
      [['create', 'x', '--scope', 'everything'], /--scope of ask, query/],
      [['create', 'x', '--days', '10000'], /--days from 1 to 365/],
      [['create', ' '], /a name of 1 to 100/],
    ] as const) {
      const { code, err } = await keys(...args)
      expect([code, err.trim().split('\n').length]).toEqual([1, 1])
      expect(err).toMatch(message)
    }
  })
})
