import { createHash } from 'node:crypto'
import { type AuditEntry, type AuditHead, FIRST_PREV_HASH, NewAuditEntry } from '../contract/index.ts'
import { canonicalJson } from './canonical-json.ts'

/** The head of a chain without entries. */
export const EMPTY_CHAIN: AuditHead = { seq: 0, hash: FIRST_PREV_HASH }

/** What a sink keeps: the entry without its place in the chain. */
export type PendingEntry = Omit<AuditEntry, 'seq' | 'prevHash' | 'hash'>

/**
 * Completes an entry with its defaults and the moment. U+0000 and lone surrogates, which neither Postgres nor canonical JSON can
 * hold, become U+FFFD: an odd character in a question must not stop its record.
 * @throws ZodError when the caller left out what every entry has.
 */
export function completeEntry(entry: NewAuditEntry, at: Date): PendingEntry {
  return { ...(storable(NewAuditEntry.parse(entry)) as typeof NewAuditEntry._output), at: at.toISOString() }
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD')
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [storable(key), storable(field)]))
  return value
}

/** Links an entry to the one before it. */
export function sealEntry(entry: PendingEntry, previous: AuditHead): AuditEntry {
  const open = { ...entry, seq: previous.seq + 1, prevHash: previous.hash }
  return { ...open, hash: entryHash(open) }
}

/** SHA-256, in hex, of the canonical JSON of all fields but `hash`. */
export function entryHash(entry: Record<string, unknown>): string {
  const { hash: _, ...rest } = entry
  return createHash('sha256').update(canonicalJson(rest)).digest('hex')
}
