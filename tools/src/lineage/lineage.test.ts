import { describe, expect, it } from 'vitest'
import { LineageGraph, type QueryLineage } from '../contract/index.ts'
import { lineageOf } from '../sql/index.ts'
import { answerGraph, keyOf, type TracedAnswer, usedKeys, useOf } from './index.ts'

const TABLES = [
  { name: 'flights', columns: ['id', 'carrier', 'origin', 'delay'].map((name) => ({ name })) },
  { name: 'sales.airlines', columns: ['carrier', 'name'].map((name) => ({ name })) },
]
const traced = (sql: string): QueryLineage => lineageOf(sql, 'duckdb', TABLES)
const answered = (sql: string): TracedAnswer => ({
  id: 'a1',
  threadId: 't1',
  question: 'How late is each airline?',
  source: 'demo',
  sql,
  lineage: traced(sql),
})
const JOINED =
  "SELECT a.name, avg(f.delay) AS late, count(*) AS n FROM flights f JOIN sales.airlines a USING (carrier) WHERE f.origin = 'JFK' GROUP BY 1"

describe('the graph of an answer', () => {
  it('leads from tables over columns and the query to the result [lineage.columns]', () => {
    const graph = LineageGraph.parse(answerGraph(answered(JOINED)))
    const labels = new Map(graph.nodes.map((node) => [node.id, `${node.kind} ${node.label}`]))
    const edges = graph.edges.map(({ from, to, kind }) => `${labels.get(from)} ${kind} ${labels.get(to)}`)
    expect(edges).toEqual(
      expect.arrayContaining([
        'table flights holds column delay',
        'column delay feeds result late',
        'column name feeds result name',
        'column name influences query demo',
        'column origin influences query demo',
        'query demo gives result n',
        'result late shows answer How late is each airline?',
      ]),
    )
    expect(graph.edges.filter((edge) => edge.to === 'result:a1:2' && edge.kind === 'feeds')).toEqual([])
    // Every edge has both ends.
    expect(graph.edges.flatMap(({ from, to }) => [from, to]).filter((id) => !labels.has(id))).toEqual([])
  })

  it('reads a table of which no column is needed', () => {
    const graph = answerGraph(answered('SELECT count(*) AS n FROM flights'))
    expect(graph.edges.find((edge) => edge.kind === 'reads')).toMatchObject({ from: 'table:flights', to: 'query:a1' })
  })

  it('does not name what its reader may not know, nor the SQL that does [lineage.columns]', () => {
    const graph = answerGraph(answered(JOINED), (table, column) => table === 'flights' && column !== 'delay')
    const text = JSON.stringify(graph)
    expect(text).not.toMatch(/airlines|delay|JFK/)
    const renamed = answerGraph(
      answered('SELECT name, id FROM sales.airlines, flights'),
      (table) => table === 'flights',
    )
    const labels = renamed.nodes.filter(({ kind }) => kind === 'result').map(({ label }) => label)
    expect(labels).toEqual(['column 1', 'id'])
    const foreign = answerGraph({ ...answered(JOINED), sql: null })
    expect(JSON.stringify(foreign)).not.toContain('JFK')
    const ids = new Set(graph.nodes.map((node) => node.id))
    expect(graph.edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([])
  })
})

describe('the use of a column', () => {
  it('tells values from rows from names [lineage.impact]', () => {
    const lineage = traced(JOINED)
    expect(useOf(lineage, 'flights', 'DELAY')).toEqual({ use: 'feeds', columns: ['late'], exact: true })
    expect(useOf(lineage, 'flights', 'origin')).toEqual({ use: 'influences', columns: [], exact: true })
    expect(useOf(lineage, 'Sales.Airlines', null)).toMatchObject({ use: 'feeds', columns: ['name'] })
    expect(useOf(lineage, 'flights', 'id')).toBeNull()
    expect(useOf(traced('SELECT count(*) FROM flights'), 'flights', null)).toMatchObject({ use: 'reads' })
    const unread = traced('WITH x AS (SELECT id FROM flights) SELECT name FROM sales.airlines')
    expect(useOf(unread, 'flights', 'id')).toMatchObject({ use: 'reads' })
  })

  it('is found by the keys of a query, in any case [lineage.impact]', () => {
    const keys = usedKeys(traced(JOINED))
    expect(keys).toContain(keyOf('FLIGHTS', 'Delay'))
    expect(keys).toContain(keyOf('sales.airlines', null))
    expect(keys).not.toContain(keyOf('flights', 'id'))
  })
})
