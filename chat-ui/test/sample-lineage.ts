import type { ImpactReport, LineageGraph } from '@plumbline/tools/contract'
import { SQL } from './sample-answers.ts'

export function lineageOf(answerId: string, threadId: string, question: string): LineageGraph {
  const column = (table: string, name: string) =>
    ({ id: `c:${table}.${name}`, kind: 'column', label: name, table: `t:${table}` }) as const
  const columns = [
    column('flights', 'time_hour'),
    column('flights', 'dep_delay'),
    column('flights', 'origin'),
    column('flights', 'carrier'),
    column('airlines', 'carrier'),
    column('airlines', 'name'),
  ]
  return {
    nodes: [
      { id: 't:flights', kind: 'table', label: 'flights', source: 'flights' },
      { id: 't:airlines', kind: 'table', label: 'airlines', source: 'flights' },
      { id: 't:weather', kind: 'table', label: 'weather', source: 'flights' },
      ...columns,
      { id: 'q', kind: 'query', label: 'Query', source: 'flights', sql: SQL },
      { id: 'r:month', kind: 'result', label: 'month', exact: true },
      { id: 'r:airline', kind: 'result', label: 'airline', exact: true },
      { id: 'r:delay', kind: 'result', label: 'average_departure_delay', exact: true },
      { id: 'r:flights', kind: 'result', label: 'flights', exact: true },
      { id: answerId, kind: 'answer', label: question, threadId },
    ],
    edges: [
      ...columns.map((node) => ({ from: node.table, to: node.id, kind: 'holds' as const })),
      { from: 'c:flights.time_hour', to: 'r:month', kind: 'feeds' },
      { from: 'c:airlines.name', to: 'r:airline', kind: 'feeds' },
      { from: 'c:flights.dep_delay', to: 'r:delay', kind: 'feeds' },
      { from: 'c:flights.origin', to: 'q', kind: 'influences' },
      { from: 'c:flights.carrier', to: 'q', kind: 'influences' },
      { from: 'c:airlines.carrier', to: 'q', kind: 'influences' },
      { from: 't:weather', to: 'q', kind: 'reads' },
      ...['month', 'airline', 'delay', 'flights'].flatMap((name) => [
        { from: 'q', to: `r:${name}`, kind: 'gives' as const },
        { from: `r:${name}`, to: answerId, kind: 'shows' as const },
      ]),
    ],
  }
}

export function impactOf(source: string, table: string, column: string | null): ImpactReport {
  const used = table === 'flights' && column !== 'origin'
  return {
    source,
    table,
    column,
    scope: 'all',
    truncated: false,
    items: used
      ? [
          {
            kind: 'verified-query',
            id: 'Which airline is the most punctual?',
            title: 'Which airline is the most punctual?',
            owner: null,
            use: 'influences',
            columns: [],
            exact: true,
          },
          {
            kind: 'answer',
            id: 'a2',
            title: 'average departure delay by month',
            threadId: 't1',
            owner: 'local',
            use: 'feeds',
            columns: ['month', 'average_departure_delay'],
            exact: true,
            createdAt: '2026-11-02T09:00:00Z',
          },
          {
            kind: 'answer',
            id: 'a9',
            title: 'flights that nobody took',
            threadId: 't7',
            owner: 'ana',
            use: 'feeds',
            columns: ['flights'],
            exact: false,
            createdAt: '2026-10-21T09:00:00Z',
          },
        ]
      : [],
  }
}
