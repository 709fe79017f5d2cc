import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderEnvExample } from '@plumbline/tools/config'
import { afterEach, describe, expect, it } from 'vitest'
import { configFields, loadConfig } from './config.ts'

const home = process.cwd()
afterEach(() => process.chdir(home))

describe('the configuration of the process', () => {
  it('needs no variable at all', () => {
    expect(loadConfig({})).toMatchObject({ port: 3000, host: '127.0.0.1', logLevel: 'warn', budgetUsd: 1 })
    expect(loadConfig({}).databaseUrl).toBeUndefined()
  })

  it('puts the data into the checkout, and outside of one into the user’s data folder', () => {
    process.chdir(import.meta.dirname)
    expect(loadConfig({}).dataDir).toBe(join(import.meta.dirname, '../../.plumbline'))
    const elsewhere = mkdtempSync(join(tmpdir(), 'plumbline-config-'))
    process.chdir(elsewhere)
    expect(loadConfig({ XDG_DATA_HOME: '/data' }).dataDir).toBe('/data/plumbline')
    expect(loadConfig({ PLUMBLINE_DATA_DIR: 'mine' }).dataDir).toBe(join(process.cwd(), 'mine'))
    process.chdir(home)
    rmSync(elsewhere, { recursive: true })
  })

  it('names a faulty variable and never repeats a secret [start.errors]', () => {
    const load = () =>
      loadConfig({ PLUMBLINE_PORT: 'abc', DATABASE_URL: 'mysql://me:hunter2@h', PLUMBLINE_TOKEN: 'short' })
    expect(load).toThrow(/PLUMBLINE_PORT `abc` is not valid: it expects a whole number from 0 to 65535/)
    expect(load).toThrow(/DATABASE_URL is not valid/)
    expect(load).not.toThrow(/hunter2|short/)
  })

  it('marks every variable that holds a credential as a secret', () => {
    const names = Object.values(configFields as Record<string, { env: string; secret?: boolean }>)
    const secret = names.filter((field) => field.secret).map((field) => field.env)
    for (const { env } of names) if (/(SECRET|API)_KEY$|TOKEN$|^DATABASE_URL$/.test(env)) expect(secret).toContain(env)
    expect(new Set(names.map(({ env }) => env)).size).toBe(names.length)
    expect(renderEnvExample(configFields)).toContain('# PLUMBLINE_PORT=3000')
  })
})
