import { type AuditEntry, FIRST_PREV_HASH } from '@plumbline/tools/contract'
import { SQL } from './sample-answers.ts'

const ANA = { id: 'ana', name: 'Ana Silva', roles: ['analyst'] }
const BEN = { id: 'ben', name: 'Ben Okafor', roles: ['admin'] }
const free = { usd: 0, inputTokens: 0, outputTokens: 0, estimate: null }
const hashOf = (seq: number) => (seq * 0x9e3779b1).toString(16).padStart(64, '7').slice(-64)

type Told = Partial<AuditEntry> & Pick<AuditEntry, 'action' | 'outcome'>
const KINDS: readonly Told[] = [
  {
    action: 'query',
    outcome: 'ok',
    question: 'average departure delay by month',
    source: 'flights',
    sqlAsked: SQL,
    sqlRun: SQL.replace('flights', "(SELECT * FROM flights AS base WHERE origin = 'JFK')"),
    policies: ['own-airport', 'usual'],
    tables: [
      { name: 'flights', columns: ['time_hour', 'dep_delay', 'origin'] },
      { name: 'airlines', columns: ['carrier', 'name'] },
    ],
    rowsOut: 12,
    cost: { usd: 0.0021, inputTokens: 1840, outputTokens: 210, estimate: { rows: 336_776, bytes: 12_400_000 } },
    ms: 84.2,
  },
  {
    action: 'query',
    outcome: 'refused',
    question: 'who flew with tail number N14228?',
    source: 'flights',
    sqlAsked: "SELECT tailnum FROM flights WHERE tailnum = 'N14228'",
    tables: [{ name: 'flights', columns: ['tailnum'] }],
    error: { code: 'FORBIDDEN', message: 'There is no column `tailnum` in flights.' },
    ms: 3.1,
  },
  { action: 'login', outcome: 'ok', principal: BEN, details: { by: 'oidc' } },
  { action: 'policy-changed', outcome: 'ok', principal: BEN, details: { version: 3 } },
  {
    action: 'query',
    outcome: 'cancelled',
    question: 'every pair of flights that were in the air together, by the minute, with the weather at both airports',
    source: 'flights',
    sqlAsked: 'SELECT 1',
    sqlRun: 'SELECT 1',
    tables: [{ name: 'flights', columns: ['time_hour'] }],
    ms: 12_400,
  },
  { action: 'share-created', outcome: 'ok', answerId: 'a12' },
  { action: 'login-failed', outcome: 'refused', principal: { id: 'unknown', name: 'unknown', roles: [] } },
]

/** A log of `count` entries, oldest first. */
export function auditLog(count: number): AuditEntry[] {
  return Array.from({ length: count }, (_, i): AuditEntry => {
    const seq = i + 1
    return {
      principal: ANA,
      surface: 'page',
      question: null,
      source: null,
      sqlAsked: null,
      sqlRun: null,
      policies: [],
      tables: [],
      rowsOut: null,
      cost: free,
      ms: null,
      error: null,
      answerId: null,
      requestId: `req-${seq}`,
      details: {},
      ...(KINDS[i % KINDS.length] as Told),
      seq,
      at: new Date(Date.UTC(2026, 10, 2, 8, 0, 0) + i * 417_000).toISOString(),
      prevHash: i === 0 ? FIRST_PREV_HASH : hashOf(i),
      hash: hashOf(seq),
    }
  })
}
