import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type ServerDefinition } from '@plumbline/mcp-kit'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoDataDir, engineServer } from '../src/index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-damaged-'))
  await copyFile(join(demoDataDir, 'flights.parquet'), join(folder, 'flights.parquet'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = async (rest: object = {}) => {
  const connection = await connect(
    engineServer as unknown as ServerDefinition,
    { dataDir: folder, ...rest },
    testGovernance(),
  )
  await connection.close()
}

describe('a folder that the engine can not open', () => {
  it('opens while it is whole', async () => {
    await expect(open()).resolves.toBeUndefined()
  })

  it('names the file that is no Parquet, and not its path', async () => {
    await writeFile(join(folder, 'broken.parquet'), 'PAR1 this is none PAR1')
    const error = await open().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'FILE_INVALID', message: expect.stringContaining('`broken.parquet`') })
    expect(String(error)).not.toContain(folder)
  })

  it('says that the manifest is damaged', async () => {
    await writeFile(join(folder, 'manifest.json'), '{"source": ')
    await expect(open()).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('`manifest.json`'),
    })
  })

  it('says which limit to raise when a table does not fit', async () => {
    await expect(open({ memoryLimit: '10MB', threads: 1 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('memoryLimit'),
    })
  })
})
