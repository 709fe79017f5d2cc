import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AuditHead } from '../contract/index.ts'
import { AppError } from '../errors/index.ts'
import { canonicalJson } from './canonical-json.ts'

/**
 * A head of the chain at one moment, to be kept where whoever can write the log can not (another machine, version control, a
 * letter). `mac` is the HMAC-SHA-256, in hex, of the canonical JSON of the other fields: with it, nobody without the key can make
 * one, so that a list of anchors may also lie beside the log.
 */
export const AuditAnchor = AuditHead.extend({ at: z.iso.datetime(), mac: z.string().nullable() })
export type AuditAnchor = z.infer<typeof AuditAnchor>

export function makeAnchor(head: AuditHead, at: Date, key: string | null): AuditAnchor {
  const open = { seq: head.seq, hash: head.hash, at: at.toISOString() }
  return { ...open, mac: key === null ? null : macOf(open, key) }
}

/** Whether the anchor was made with this key. */
export function isGenuine({ mac, ...open }: AuditAnchor, key: string): boolean {
  if (mac === null) return false
  const [given, own] = [Buffer.from(mac), Buffer.from(macOf(open, key))]
  return given.length === own.length && timingSafeEqual(given, own)
}

/**
 * Reads a list of anchors, one JSON object a line.
 * @param key when there is one, every anchor must have been made with it.
 * @throws FILE_INVALID naming the line.
 */
export function readAnchors(text: string, key: string | null): AuditAnchor[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      const anchor = parse(line)
      if (!anchor) throw new AppError('FILE_INVALID', `Line ${number} of the anchors is not an anchor.`)
      if (key !== null && !isGenuine(anchor, key))
        throw new AppError('FILE_INVALID', `Line ${number} of the anchors was not made with this key.`)
      return anchor
    })
}

function parse(line: string): AuditAnchor | null {
  try {
    return AuditAnchor.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}

const macOf = (open: Omit<AuditAnchor, 'mac'>, key: string) =>
  createHmac('sha256', key).update(canonicalJson(open)).digest('hex')
