import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Me } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { startServer } from '../src/gateway/server.ts'
import { ScriptedAssistant } from '../src/gateway/testing/scripted-assistant.ts'
import { hasRedis, startRedis } from '../src/state/testing/redis-server.ts'
import { Browser } from './oidc/browser.ts'
import { CLIENT, type LocalProvider, startProvider } from './oidc/local-provider.ts'

const redisThere = hasRedis()
if (!redisThere) process.stdout.write('A server with sessions in Redis is not tested: redis-server is not installed.\n')

let dataDir: string
let provider: LocalProvider
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-oidc-server-'))
  provider = await startProvider()
})
afterAll(async () => {
  await provider?.close()
  await rm(dataDir, { recursive: true, force: true })
})

const start = async (env: Record<string, string> = {}) =>
  startServer(
    loadConfig({
      PLUMBLINE_DATA_DIR: dataDir,
      PLUMBLINE_PORT: '0',
      PLUMBLINE_LOG_LEVEL: 'silent',
      PLUMBLINE_OIDC_ISSUER: provider.issuer,
      PLUMBLINE_OIDC_CLIENT_ID: CLIENT.clientId,
      PLUMBLINE_OIDC_CLIENT_SECRET: CLIENT.clientSecret,
      ...env,
    }),
    async (_config, opening) => new ScriptedAssistant(await opening),
  )

async function signIn(url: string) {
  const browser = new Browser()
  await browser.signInAtProvider(`${url}/api/auth/login`, 'ana')
  const me = async () => {
    const response = await browser.fetch(`${url}/api/me`, { headers: { accept: 'application/json' } })
    return response.status === 200 ? Me.parse(await response.json()) : response.status
  }
  return { browser, me }
}

describe('a server whose environment names a provider', () => {
  it('says where to sign in; without policies one is somebody, and may do nothing [identity.oidc]', async () => {
    const server = await start()
    provider.open(server.url)
    expect(server.signInUrl).toBe(server.url)
    const { me, browser } = await signIn(server.url)
    expect(await me()).toMatchObject({
      principal: { name: 'Ana Lima', roles: [] },
      permissions: [],
      signedInBy: 'oidc',
    })
    const catalog = await browser.fetch(`${server.url}/api/catalog`, { headers: { accept: 'application/json' } })
    expect(catalog.status).toBe(403)
    await server.close()
  })

  it.runIf(redisThere)(
    'keeps the sessions in the Redis that is named, across a restart [identity.sessions]',
    async () => {
      const { url, redis, stop } = await startRedis()
      const first = await start({ PLUMBLINE_REDIS_URL: url })
      provider.open(first.url)
      const { me, browser } = await signIn(first.url)
      expect(await me()).toMatchObject({ signedInBy: 'oidc' })
      expect(await redis.keys('plumbline:session:*')).toHaveLength(1)
      const cookie = [...browser.cookies].find(([name]) => name.startsWith('plumbline_session'))?.[1].value
      await first.close()

      const second = await start({ PLUMBLINE_REDIS_URL: url })
      const name = `plumbline_session_${new URL(second.url).port}`
      const again = () => fetch(`${second.url}/api/me`, { headers: { cookie: `${name}=${cookie}` } })
      expect((await again()).status).toBe(200)
      // Whoever asks is told when the sessions can not be read: nobody is let in, nobody is signed out.
      await stop()
      expect((await again()).status).toBe(503)
      await second.close()
    },
  )

  it('refuses to start with a configuration that would leave a hole', async () => {
    await expect(start({ PLUMBLINE_OIDC_CLIENT_ID: '' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(start({ PLUMBLINE_REDIS_URL: 'redis://data.example:6379' })).rejects.toThrow(/without encryption/)
    await (await start()).close()
  })
})
