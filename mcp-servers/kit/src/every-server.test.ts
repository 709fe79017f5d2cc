import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SERVERS = join(import.meta.dirname, '../..')

describe('every server', () => {
  it('has the conformance suite [mcp.conformance]', () => {
    const servers = readdirSync(SERVERS, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name !== 'kit',
    )
    expect(servers.length).toBeGreaterThan(0)
    const without = servers
      .map(({ name }) => name)
      .filter((name) => !existsSync(join(SERVERS, name, 'test/conformance.test.ts')))
    expect(without).toEqual([])
  })
})
