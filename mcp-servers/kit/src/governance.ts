import type { AuditSink } from '@plumbline/tools/audit'
import type { PolicyDocument } from '@plumbline/tools/contract'
import type { ApprovalCheck } from '@plumbline/tools/governance'

/** The rules a server holds its callers to, and the log it writes. Both may still be opening when the server connects. */
export interface Governance {
  /** The document in force now; without one only the role `owner` sees data. */
  policies(): Promise<PolicyDocument | null>
  readonly audit: AuditSink
  /** Where approvals of queries over a budget are kept; without it none is taken. */
  readonly approvals?: ApprovalCheck
  /**
   * Goes into hash masks, so that values can not be guessed from their hashes: a secret of at least 16 letters, digits, `-` and `_`,
   * the same for as long as hashes are compared.
   */
  hashSalt(): Promise<string>
}
