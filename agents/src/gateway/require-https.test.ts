import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { requireHttps } from './require-https.ts'
import { startServer } from './server.ts'

const check = (env: Record<string, string>) => () => requireHttps(loadConfig(env))

it('an address of this machine alone needs no HTTPS [security.tls]', () => {
  for (const host of ['127.0.0.1', '127.0.0.2', 'localhost', '::1'])
    expect(check({ PLUMBLINE_HOST: host })).not.toThrow()
})

it('an address that others reach does, from us or from a proxy, unless it is named as an exception [security.tls]', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.7', 'data.example', '127.0.0.1.example']) {
    const env = { PLUMBLINE_HOST: host }
    expect(check(env), host).toThrow(/PLUMBLINE_TLS_CERT/)
    expect(check({ ...env, PLUMBLINE_PUBLIC_URL: 'http://data.example' }), host).toThrow(/PLUMBLINE_TLS_CERT/)
    expect(check({ ...env, PLUMBLINE_TLS_CERT: 'cert.pem' }), host).not.toThrow()
    expect(check({ ...env, PLUMBLINE_PUBLIC_URL: 'https://data.example' }), host).not.toThrow()
    expect(check({ ...env, PLUMBLINE_PLAINTEXT_HOSTS: host }), host).not.toThrow()
  }
})

it('is asked for before anything is opened [security.tls] [start.errors]', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-https-'))
  const env = { PLUMBLINE_DATA_DIR: dataDir, PLUMBLINE_HOST: '0.0.0.0', PLUMBLINE_PORT: '0' }
  await expect(startServer(loadConfig(env))).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(await readdir(dataDir)).toEqual([])
  await rm(dataDir, { recursive: true })
})
