import fc from 'fast-check'
import {
  type AuditEntry,
  type AuditHead,
  AuditOutcome,
  AuditSurface,
  type NewAuditEntry,
} from '../../contract/index.ts'
import { completeEntry, EMPTY_CHAIN, sealEntry } from '../seal-entry.ts'

/** A whole entry of a query, as the gate writes it. */
export function aQuery(changes: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return {
    principal: { id: 'ana', name: 'Ana', roles: ['analyst'] },
    surface: 'page',
    action: 'query',
    outcome: 'ok',
    question: 'How many flights left JFK in July 2013?',
    source: 'flights',
    sqlAsked: "SELECT count(*) FROM flights WHERE origin = 'JFK'",
    sqlRun:
      "SELECT count(*) FROM (SELECT origin FROM flights AS base WHERE carrier = 'UA') AS flights WHERE origin = 'JFK'",
    policies: ['only-own-airline'],
    tables: [{ name: 'flights', columns: ['origin', 'carrier'] }],
    rowsOut: 1,
    cost: { usd: 0.0012, inputTokens: 800, outputTokens: 60, estimate: { rows: 336_776, bytes: null } },
    ms: 12.5,
    answerId: 'answer-1',
    requestId: 'request-1',
    ...changes,
  }
}

/** Seals entries one after another. */
export function aLog(entries: readonly NewAuditEntry[], from: AuditHead = EMPTY_CHAIN): AuditEntry[] {
  let head = from
  return entries.map((entry, index) => {
    const sealed = sealEntry(completeEntry(entry, new Date(Date.UTC(2026, 10, 24, 9, 0, index))), head)
    head = sealed
    return sealed
  })
}

const text = fc.string({ unit: 'binary', maxLength: 20 })

/** Entries with any text that may come from outside. */
export const anyEntry: fc.Arbitrary<NewAuditEntry> = fc.record({
  principal: fc.record({ id: text, name: text, roles: fc.array(text, { maxLength: 2 }) }),
  surface: fc.constantFrom(...AuditSurface.options),
  action: fc.constantFrom('query' as const, 'login' as const, 'policy-changed' as const),
  outcome: fc.constantFrom(...AuditOutcome.options),
  question: fc.option(text),
  sqlAsked: fc.option(text),
  policies: fc.array(text, { maxLength: 2 }),
  tables: fc.array(fc.record({ name: text, columns: fc.array(text, { maxLength: 2 }) }), { maxLength: 2 }),
  rowsOut: fc.option(fc.nat()),
  ms: fc.option(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
  details: fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.integer()), { maxKeys: 2 }),
})
