import type { Answer } from '@plumbline/tools/contract'

/** A complete answer, for tests of what keeps and serves it. */
export function anAnswer(changes: Partial<Answer> & { id: string; threadId: string }): Answer {
  const createdAt = '2026-11-24T09:00:00.000Z'
  return {
    question: 'How many flights left JFK in July 2013?',
    status: 'answered',
    text: '**10,023** flights.',
    sql: "SELECT count(*) AS flights FROM flights WHERE origin = 'JFK'",
    columns: [{ name: 'flights', label: 'Flights', type: 'integer', role: 'measure' }],
    rows: [[10023]],
    chart: null,
    clarification: null,
    approval: null,
    suggestions: [],
    createdAt,
    receipt: {
      id: `receipt-of-${changes.id}`,
      source: { name: 'flights', title: 'Flights', dialect: 'duckdb' },
      tables: [{ name: 'flights', columns: ['origin', 'time_hour'] }],
      lineage: [{ column: 'flights', from: [], exact: true }],
      influences: [
        { table: 'flights', column: 'origin' },
        { table: 'flights', column: 'time_hour' },
      ],
      origin: { kind: 'plan', reading: 'number of flights where origin is JFK', assumptions: [] },
      filters: [{ field: 'origin', label: 'Origin', operator: '=', values: ['JFK'] }],
      policies: [],
      rowCount: 1,
      truncated: false,
      freshness: {},
      steps: [{ name: 'run', title: 'Run the query', ms: 12, outcome: 'done' }],
      cost: { usd: 0, inputTokens: 0, outputTokens: 0 },
      totalMs: 20,
      createdAt,
    },
    ...changes,
  }
}
