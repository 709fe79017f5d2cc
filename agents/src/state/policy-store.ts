import { createHash } from 'node:crypto'
import type { AuditSurface, Policies, PolicyText, PolicyVersion, Principal } from '@plumbline/tools/contract'

interface Change {
  readonly author: Principal
  readonly surface: AuditSurface
  /** The version that the author looked at. */
  readonly expectedVersion: number
}

/** The rules in force, and how they came to be. */
export interface PolicyStore {
  readonly origin: Policies['origin']
  /** The newest version, or null before anything was saved. Cheap: ask it for every query. @throws POLICY_INVALID */
  current(): Promise<PolicyText | null>
  /** Newest first. */
  list(): Promise<PolicyVersion[]>
  /** @throws NOT_FOUND */
  get(version: number): Promise<PolicyText>
  /**
   * Saves a text as the newest version, with its entry in the audit log. A text that is in force already makes no version.
   * @throws POLICY_INVALID with all faults; CONFLICT when `expectedVersion` is not the newest.
   */
  save(change: Change & { readonly yaml: string; readonly comment: string }): Promise<PolicyText>
  /** Saves the text of an older version as the newest: what undo is. @throws NOT_FOUND, CONFLICT, POLICY_INVALID */
  restore(change: Change & { readonly version: number }): Promise<PolicyText>
  /** Called after a change, also one that another process made, with the rules then in force. Gives back how to stop it. */
  onChange(listener: (current: PolicyText | null) => void): () => void
  close(): void
}

/** SHA-256 of the text, in hex. */
export const policyHash = (yaml: string) => createHash('sha256').update(yaml).digest('hex')
