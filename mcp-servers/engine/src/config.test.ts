import { describe, expect, it } from 'vitest'
import { demoDataDir, EngineConfig } from './config.ts'

describe('configuration of the engine', () => {
  it('is the demo within limits when nothing is said', () => {
    expect(EngineConfig.parse({})).toMatchObject({ dataDir: demoDataDir, maxRows: 10_000, timeoutMs: 30_000 })
  })

  it.each([
    ['dataDir', '/nowhere'],
    ['memoryLimit', 'lots'],
    ['memoryLimit', "2GB'; SET x = '1"],
    ['threads', 0],
    ['maxRows', 1.5],
    ['timeoutMs', -1],
  ])('refuses %s %s and names the field', (field, value) => {
    const { error } = EngineConfig.safeParse({ [field]: value })
    expect(error?.issues.map(({ path }) => path)).toEqual([[field]])
  })
})
