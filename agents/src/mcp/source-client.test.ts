import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localPrincipal } from '../assistant/local-principal.ts'
import { openSources, type Sources } from './open-sources.ts'
import { registeredServers } from './registry.ts'
import type { SourceClient } from './source-client.ts'

const owner = { principal: localPrincipal, surface: 'rest' } as const
let sources: Sources
let source: SourceClient
beforeAll(async () => {
  sources = await openSources(testGovernance())
  const [first] = sources.as(owner).values()
  if (!first) throw new Error('there is a source')
  source = first
})
afterAll(() => sources?.close())

describe('a source as the agents see it', () => {
  it('describes itself with its semantic model', async () => {
    const described = await source.describe()
    expect(described.source.tables.map(({ name }) => name)).toContain('flights')
    expect(described.model?.entities.length).toBeGreaterThan(3)
  })

  it('gives errors back as what they were, with code and data', async () => {
    await expect(source.runQuery({ sql: 'select * from flight' })).rejects.toMatchObject({
      code: 'TABLE_UNKNOWN',
      message: expect.stringContaining('`flights`'),
      data: { part: 'flight' },
    })
  })

  it('stops a query when its caller does, and says so [mcp.cancel]', async () => {
    const controller = new AbortController()
    const running = source.runQuery(
      { sql: 'select count(*) from flights a, flights b, flights c where a.dep_delay + b.dep_delay > c.dep_delay' },
      { signal: controller.signal },
    )
    expect((await source.runQuery({ sql: 'select count(*) from airlines' })).rows).toEqual([[16]])
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
    expect((await source.runQuery({ sql: 'select count(*) from planes' })).rows).toEqual([[3322]])
  })

  it('takes another folder of data, and says when it is not there', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'plumbline-empty-'))
    const open = (dataDir: string) =>
      openSources(testGovernance(), registeredServers({ PLUMBLINE_ENGINE_DATA_DIR: dataDir }))
    await expect(open(empty)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
    await expect(open('/nowhere')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await rm(empty, { recursive: true })
  })
})
