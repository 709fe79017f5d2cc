import type { PolicyCheck } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type PolicyFault, parsePolicies } from '@plumbline/tools/governance'

/** All faults of a policy document, each with its place; the document as read when there is none. */
export function checkPolicyText(yaml: string): PolicyCheck {
  try {
    return { ok: true, faults: [], document: parsePolicies(yaml) }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'POLICY_INVALID') throw error
    const faults = (error.data?.faults ?? []) as PolicyFault[]
    return {
      ok: false,
      faults: faults.map(({ path, message, line, column }) => ({
        path,
        message,
        line: line ?? null,
        column: column ?? null,
      })),
    }
  }
}
