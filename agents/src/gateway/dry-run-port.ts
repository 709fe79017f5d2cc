import type { DryRun, PolicyDocument, Principal } from '@plumbline/tools/contract'

/** What a statement would become for somebody under these rules; nothing runs. A refusal is an answer and not an exception. */
export type DryRunPolicies = (request: {
  readonly policies: PolicyDocument | null
  readonly principal: Principal
  readonly source: string
  readonly sql: string
}) => Promise<DryRun>
