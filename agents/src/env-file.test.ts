import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withEnvFile } from './env-file.ts'

const home = process.cwd()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-env-'))
  writeFileSync(join(folder, 'package.json'), '{ "name": "plumbline" }')
  mkdirSync(join(folder, 'agents'))
  process.chdir(join(folder, 'agents'))
})
afterEach(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true })
})

it('adds what .env of the checkout says; the environment itself wins', () => {
  writeFileSync(join(folder, '.env'), '# mine\nPLUMBLINE_PORT=4000\nPLUMBLINE_MODEL="openai:x" # note\nDATABASE_URL=\n')
  expect(withEnvFile({ PLUMBLINE_PORT: '5000', HOME: '/h' })).toEqual({
    PLUMBLINE_PORT: '5000',
    PLUMBLINE_MODEL: 'openai:x',
    DATABASE_URL: '',
    HOME: '/h',
  })
})

it('is the environment alone where there is no file, or no checkout', () => {
  expect(withEnvFile({ A: '1' })).toEqual({ A: '1' })
  writeFileSync(join(folder, '.env'), 'B=2\n')
  process.chdir(tmpdir())
  expect(withEnvFile({ A: '1' })).toEqual({ A: '1' })
})

it('says so when the file can not be read', () => {
  mkdirSync(join(folder, '.env'))
  expect(() => withEnvFile({})).toThrow(/The file \.env can not be read/)
})
