import { AuditHead } from '@plumbline/tools/contract'
import { z } from 'zod'

const KEY = 'plumbline-audit-heads'
const MOST = 50
const Heads = z.array(AuditHead)

/**
 * The newest entries of the audit log as this browser has seen them. They are kept where nobody can change them who changes the
 * log, so that a cut tail or a log written anew shows at the next verification.
 */
export function useKeptHeads() {
  const read = (): AuditHead[] => {
    try {
      return Heads.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'))
    } catch {
      return []
    }
  }
  const keep = (head: AuditHead) => {
    const others = read().filter((one) => one.seq !== head.seq)
    localStorage.setItem(KEY, JSON.stringify([...others, head].slice(-MOST)))
  }
  return { read, keep }
}
