import { demoModelFile } from '@plumbline/mcp-engine'
import { loadSemanticModel } from '@plumbline/tools/semantic'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { impactReport } from '../src/assistant/impact-report.ts'
import { localPrincipal } from '../src/assistant/local-principal.ts'
import { openTestAssistant, type TestAssistant } from './open-test-assistant.ts'

let test: TestAssistant
beforeAll(async () => {
  test = await openTestAssistant()
})
afterAll(() => test?.[Symbol.asyncDispose]())

describe('the lineage of an answer', () => {
  it('stands in its receipt, is kept, and tells what breaks [lineage.columns] [lineage.stored] [lineage.impact]', async () => {
    const { state, assistant } = test
    const answer = await test.ask('average departure delay by origin')
    expect(answer.status, answer.text).toBe('answered')
    const { lineage, influences, tables, source } = answer.receipt ?? { lineage: [], influences: [], tables: [] }
    expect(lineage.map(({ column }) => column)).toEqual(answer.columns.map(({ name }) => name))
    expect(lineage.every(({ exact }) => exact)).toBe(true)
    const fed = lineage.map(({ from }) => from.map((of) => `${of.table}.${of.column}`))
    expect(fed).toContainEqual(['flights.dep_delay'])
    expect(influences).toContainEqual({ table: 'flights', column: 'origin' })
    // Exactly what the query uses, not every column of that name.
    const used = tables.find((table) => table.name === 'flights')?.columns ?? []
    expect(used).toEqual(expect.arrayContaining(['dep_delay', 'origin']))
    expect(used).not.toContain('arr_delay')

    const kept = await state.lineage.of(answer.id, { principalId: 'local', all: false })
    expect(kept.lineage).toMatchObject({ columns: lineage, influences, tables })

    const name = source?.name ?? ''
    const whose = { principal: localPrincipal, all: false }
    const report = (column: string) =>
      impactReport({ lineage: state.lineage, assistant }, { source: name, table: 'flights', column }, whose)
    const delay = await report('dep_delay')
    expect(delay.items.find((item) => item.id === answer.id)).toMatchObject({
      kind: 'answer',
      use: 'feeds',
      owner: 'local',
    })
    expect((await report('arr_delay')).items.map((item) => item.id)).not.toContain(answer.id)
  })

  it('of every verified query is exact [lineage.impact]', async () => {
    const { verifiedQueries } = await loadSemanticModel(demoModelFile)
    const found = await test.assistant.verifiedLineage(localPrincipal)
    expect(found.map(({ question }) => question)).toEqual(verifiedQueries.map(({ question }) => question))
    for (const { question, lineage } of found) expect(lineage, question).toMatchObject({ exact: true, unknown: [] })
  })
})
