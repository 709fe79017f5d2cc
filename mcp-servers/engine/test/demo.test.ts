import { connect, connectInMemory, type ServerDefinition } from '@plumbline/mcp-kit'
import { testGovernance } from '@plumbline/mcp-kit/conformance'
import { type CatalogSource, QueryResult } from '@plumbline/tools/contract'
import { loadSemanticModel } from '@plumbline/tools/semantic'
import { describe, expect, it } from 'vitest'
import { demoModelFile, engineServer } from '../src/index.ts'

describe('the demo data [engine.demo]', () => {
  it('has every row of nycflights13, its meaning, its period and its age', async () => {
    const startedAt = performance.now()
    const connection = await connect(engineServer as unknown as ServerDefinition, {}, testGovernance())
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    const client = await connectInMemory(connection, { id: 'test', name: 'Test', roles: ['owner'], attributes: {} })
    const { structuredContent } = await client.callTool({ name: 'describe_source', arguments: {} })
    const { source } = structuredContent as { source: CatalogSource }
    expect(Object.fromEntries(source.tables.map((table) => [table.name, table.rowCount]))).toEqual({
      airlines: 16,
      airports: 1458,
      flights: 336_776,
      planes: 3322,
      weather: 26_115,
    })
    expect(source).toMatchObject({ from: '2013-01-01', to: '2013-12-31', loadedAt: expect.stringMatching(/^20/) })
    expect(source.measures.map(({ label }) => label.toLowerCase())).toEqual(
      expect.arrayContaining(['average departure delay', 'cancellation rate']),
    )
    const times = await client.callTool({
      name: 'run_query',
      arguments: { sql: 'SELECT min(time_hour) AS t FROM flights' },
    })
    const { columns, rows } = QueryResult.parse(times.structuredContent)
    expect([columns[0]?.type, rows[0]?.[0]]).toEqual(['timestamp', '2013-01-01T10:00:00Z'])
    for (const { question, sql } of (await loadSemanticModel(demoModelFile)).verifiedQueries) {
      const result = await client.callTool({ name: 'run_query', arguments: { sql } })
      expect(result.isError, question).toBeFalsy()
    }
    await client.close()
    await connection.close()
  })
})
