import type { AuditFault, AuditHead } from '../contract/index.ts'
import { EMPTY_CHAIN, entryHash } from './seal-entry.ts'

interface Link {
  readonly seq: number
  readonly prevHash: string
  readonly hash: string
}

/** Walks a chain entry by entry. It knows the head that it has come to, and nothing else. */
export class ChainCheck {
  #head: AuditHead | null

  /** @param head where to begin; null: at whatever entry comes first (a part of a log). */
  constructor(head: AuditHead | null = EMPTY_CHAIN) {
    this.#head = head
  }

  get head(): AuditHead {
    return this.#head ?? EMPTY_CHAIN
  }

  /** Takes the next entry, as it was read. A fault does not move the head. */
  next(row: unknown): AuditFault | null {
    const expected = (this.#head?.seq ?? 0) + 1
    const found = readLink(row)
    if (!found) return unreadable(expected)
    if (this.#head === null) {
      const { seq, hash } = found
      if (!holds(row)) return changed(seq)
      this.#head = { seq, hash }
      return null
    }
    const { seq, prevHash, hash } = found
    // Its own hash first: of a changed entry, no other field can be believed.
    if (!holds(row)) return changed(expected)
    if (seq > expected) return missing(expected, seq)
    if (seq < expected) return inserted(seq)
    if (prevHash !== this.#head.hash) return rewritten(seq)
    this.#head = { seq, hash }
    return null
  }
}

/** The number of an entry whose own hash holds, or null. */
export function soundSeq(row: unknown): number | null {
  return holds(row) ? (readLink(row)?.seq ?? null) : null
}

function readLink(row: unknown): Link | null {
  if (typeof row !== 'object' || row === null) return null
  const { seq, prevHash, hash } = row as Partial<Link>
  if (typeof seq !== 'number' || typeof prevHash !== 'string' || typeof hash !== 'string') return null
  return { seq, prevHash, hash }
}

function holds(row: unknown): boolean {
  try {
    return entryHash(row as Record<string, unknown>) === (row as Link).hash
  } catch {
    return false
  }
}

const unreadable = (seq: number): AuditFault => ({
  kind: 'unreadable',
  seq,
  message: `What stands in the place of entry ${seq} is not an entry.`,
})
const changed = (seq: number): AuditFault => ({
  kind: 'changed',
  seq,
  message: `Entry ${seq} was changed: its content does not match its hash.`,
})
const missing = (seq: number, found: number): AuditFault => ({
  kind: 'missing',
  seq,
  message:
    found === seq + 1
      ? `Entry ${seq} was removed: after ${seq - 1} comes ${found}.`
      : `Entries ${seq} to ${found - 1} were removed: after ${seq - 1} comes ${found}.`,
})
const inserted = (seq: number): AuditFault => ({
  kind: 'inserted',
  seq,
  message: `There is more than one entry ${seq}: one of them was inserted.`,
})
const rewritten = (seq: number): AuditFault => ({
  kind: 'rewritten',
  seq,
  message:
    seq === 1
      ? 'Entry 1 does not begin a chain: entries before it were removed, or it was rewritten.'
      : `Entry ${seq} does not follow from entry ${seq - 1}: one of the two was rewritten.`,
})
