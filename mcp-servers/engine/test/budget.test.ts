import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import {
  CALLER_META,
  type Connection,
  connect,
  connectInMemory,
  ERROR_META,
  type ServerDefinition,
} from '@plumbline/mcp-kit'
import { type TestGovernance, testGovernance } from '@plumbline/mcp-kit/conformance'
import { QueryResult } from '@plumbline/tools/contract'
import { type ApprovalUse, BudgetExceededData } from '@plumbline/tools/governance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineServer } from '../src/index.ts'

const POLICIES = `
version: 1
roles: [{ name: analyst }, { name: lead }, { name: narrow }, { name: hasty }]
grants:
  - { id: all, roles: [analyst, lead, hasty], tables: ['*'] }
  - { id: some, roles: [narrow], tables: [flights, airlines] }
rowFilters:
  - { id: only-jfk, roles: [narrow], table: flights, filter: "origin = 'JFK'" }
budgets:
  - { id: analysts-scan, roles: [analyst], scanRows: 500000, resultBytes: 20000, over: approve }
  - { id: analysts-models, roles: [analyst], tokensPerDay: 1000 }
  - { id: narrow-scan, roles: [narrow], scanRows: 500000 }
  - { id: hasty, roles: [hasty], querySeconds: 0.3 }
`
const CROSS = 'SELECT count(*) AS n FROM flights a, airlines b'

describe('budgets in the gate, over MCP', () => {
  let governance: TestGovernance
  let connection: Connection
  let client: Client
  const used: ApprovalUse[] = []

  beforeAll(async () => {
    governance = testGovernance(POLICIES)
    const approvals = { redeem: async (use: ApprovalUse) => void used.push(use) }
    const definition = engineServer as unknown as ServerDefinition
    connection = await connect(definition, {}, { ...governance, approvals })
    client = await connectInMemory(connection)
  })
  afterAll(async () => {
    await client?.close()
    await connection?.close()
  })

  const run = async (role: string, sql: string, more: { approvalId?: string } = {}, args: object = {}) => {
    const principal = { id: `a-${role}`, name: role, roles: [role], attributes: {} }
    const caller = { principal, surface: 'mcp', ...more }
    const result = await client.callTool({
      name: 'run_query',
      arguments: { sql, ...args },
      _meta: { [CALLER_META]: caller },
    })
    return {
      error: result._meta?.[ERROR_META] as { code: string; message: string; data: unknown } | undefined,
      result: result.isError ? null : QueryResult.parse(result.structuredContent),
    }
  }

  it('refuse a query before it runs, with the number, the rule and the way to narrow it [budget.refusal]', async () => {
    const { error } = await run('analyst', CROSS)
    expect(error?.code).toBe('BUDGET_EXCEEDED')
    expect(error?.message).toBe(
      'This would read about 5.4 million rows; your budget is 500,000 rows (rule analysts-scan). It joins `flights` and `airlines` without a condition: add the columns they are joined on, or leave a table out.',
    )
    expect(BudgetExceededData.parse(error?.data)).toMatchObject({ value: 5_400_000, limit: 500_000, approvable: true })
    const entry = governance.entries.at(-1)
    expect(entry).toMatchObject({ action: 'query', outcome: 'refused', sqlRun: null, rowsOut: null })
  })

  it('let through what is within them, and say what was expected [budget.estimate]', async () => {
    const { result } = await run('analyst', 'SELECT count(*) AS n FROM flights')
    expect(result?.rows).toEqual([[336_776]])
    expect(result?.estimate).toMatchObject({ rows: 340_000, source: 'explain', exact: true })
    expect(governance.entries.at(-1)?.cost?.estimate?.rows).toBe(340_000)
  })

  it('hold for the person, not for all who see the same [budget.refusal]', async () => {
    // The lead sees what the analyst sees and has no budget, whoever comes first.
    expect((await run('lead', CROSS)).result?.rows).toEqual([[336_776 * 16]])
    expect((await run('analyst', CROSS)).error?.code).toBe('BUDGET_EXCEEDED')
    expect((await run('lead', CROSS)).result?.estimate).toBeUndefined()
  })

  it('tell nobody the size of a table that they see a part of [budget.refusal]', async () => {
    const { error } = await run('narrow', 'SELECT count(*) AS n FROM flights a, flights b')
    expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED', data: { approvable: false, rule: 'narrow-scan' } })
    const said = JSON.stringify(error)
    expect(said).not.toContain('336776')
    expect(said).not.toMatch(/JFK|origin/)
  })

  it('are passed by an approval, which is held against the person and the query [budget.approval]', async () => {
    const { error } = await run('analyst', CROSS)
    const { queryHash } = BudgetExceededData.parse(error?.data)
    expect((await run('analyst', CROSS, { approvalId: 'p1' })).result?.rows).toEqual([[336_776 * 16]])
    expect(used.splice(0)).toEqual([
      { id: 'p1', principalId: 'a-analyst', source: 'engine', queryHash, figure: 'scanRows', value: 5_400_000 },
    ])
    // What needs none uses none up.
    await run('analyst', 'SELECT count(*) AS n FROM flights', { approvalId: 'p1' })
    expect(used).toEqual([])
    // Nor does one help where the rules let nobody approve.
    expect((await run('narrow', CROSS, { approvalId: 'p1' })).error?.code).toBe('BUDGET_EXCEEDED')
    expect(used).toEqual([])
  })

  it('are not passed by a tool argument that says there is an approval [budget.approval]', async () => {
    const { error } = await run('analyst', CROSS, {}, { approvalId: 'p1' })
    expect(error?.code).toMatch(/BUDGET_EXCEEDED|INPUT_INVALID/)
  })

  it('cut a result at its bytes like at its rows [budget.refusal]', async () => {
    const { result } = await run('analyst', 'SELECT * FROM flights', {}, { maxRows: 10_000 })
    expect(result?.truncated).toBe(true)
    expect(result?.rowCount).toBeGreaterThan(20)
    expect(Buffer.byteLength(JSON.stringify(result?.rows))).toBeLessThanOrEqual(20_000)
  })

  it('stop a query after their seconds', async () => {
    const sql = 'SELECT count(*) AS n FROM flights a, flights b WHERE a.dep_delay + b.dep_delay > 60'
    expect((await run('hasty', sql)).error).toMatchObject({
      code: 'QUERY_TIMEOUT',
      message: expect.stringContaining('300 ms'),
    })
  })
})
