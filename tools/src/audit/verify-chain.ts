import type { AuditFault, AuditHead, AuditVerdict } from '../contract/index.ts'
import { ChainCheck, soundSeq } from './chain-check.ts'

export interface VerifyOptions {
  /** What the log itself says its newest entry is: the last entry read must be it. */
  readonly tip?: AuditHead
  /** Heads that were kept elsewhere: each must be on the chain. Without `seq`, at any place. */
  readonly anchors?: readonly { readonly seq?: number | undefined; readonly hash: string }[]
  /** The entries are a part of a log and may begin anywhere. */
  readonly partial?: boolean
  /** Called after every 1,000 entries, with the number read. */
  readonly onProgress?: (checked: number) => void
}

/**
 * Reads a log in its order and finds the first entry that was changed, removed, inserted or moved, or a head that the chain does not
 * lead to. Constant memory.
 *
 * A chain alone does not show: a tail that was cut together with the log's own note of its head, and a log that somebody with write
 * access rewrote from one entry to the end, all hashes anew. Against both, give heads that were kept elsewhere (`anchors`). Nothing
 * shows what was never recorded, or that what was recorded is true.
 *
 * @param rows entries as they were read (parsed JSON); what is not an entry is a fault and not an exception.
 */
export async function verifyChain(rows: AsyncIterable<unknown>, options: VerifyOptions = {}): Promise<AuditVerdict> {
  const { tip, anchors = [], partial = false, onProgress = () => {} } = options
  const check = partial ? new ChainCheck(null) : new ChainCheck()
  const unmet = new Set(anchors)
  let checked = 0
  let fault: AuditFault | null = null
  for await (const row of rows) {
    checked++
    if (checked % 1000 === 0) onProgress(checked)
    if (fault) {
      // The missing entry further down: it was moved and not removed.
      if (soundSeq(row) === fault.seq) return failed(moved(fault.seq))
      continue
    }
    fault = check.next(row)
    if (fault && fault.kind !== 'missing') return failed(fault)
    const { seq, hash } = check.head
    for (const anchor of unmet) {
      if (anchor.seq === seq && anchor.hash !== hash) return failed(offAnchor(seq))
      if (anchor.hash === hash && (anchor.seq ?? seq) === seq) unmet.delete(anchor)
    }
  }
  fault ??= tipFault(check.head, tip) ?? anchorFault(check.head, unmet)
  return fault ? failed(fault) : { ok: true, checked, head: check.head, fault: null }

  function failed(found: AuditFault): AuditVerdict {
    return { ok: false, checked, head: check.head, fault: found }
  }
}

const moved = (seq: number): AuditFault => ({
  kind: 'reordered',
  seq,
  message: `Entry ${seq} is not in its place: it stands further down.`,
})
const offAnchor = (seq: number): AuditFault => ({
  kind: 'rewritten',
  seq,
  message: `Entry ${seq} is not the one whose hash was kept: the log was rewritten at or before it.`,
})
const cut = (seq: number, known: string): AuditFault => ({
  kind: 'truncated',
  seq,
  message: `The log ends before entry ${seq}: ${known}.`,
})

function tipFault(head: AuditHead, tip: AuditHead | undefined): AuditFault | null {
  if (!tip || (tip.seq === head.seq && tip.hash === head.hash)) return null
  if (tip.seq > head.seq) return cut(head.seq + 1, `its own head says that there are ${tip.seq}`)
  return { kind: 'rewritten', seq: head.seq, message: `The log's head does not match its last entry, ${head.seq}.` }
}

function anchorFault(head: AuditHead, unmet: ReadonlySet<{ readonly seq?: number | undefined }>): AuditFault | null {
  for (const { seq } of unmet) {
    if (seq === undefined)
      return { ...cut(head.seq + 1, ''), message: 'No entry has the hash that was kept: the log was cut or rewritten.' }
    if (seq > head.seq) return cut(head.seq + 1, `the hash of entry ${seq} was kept`)
    return offAnchor(seq)
  }
  return null
}
