import type { Governance } from '@plumbline/mcp-kit'
import { auditUnavailable } from '@plumbline/tools/audit'

/** For looking whether the sources are there: without a log, no statement can run. */
export const closedGovernance: Governance = {
  policies: async () => null,
  audit: {
    record: async () => {
      throw auditUnavailable(undefined, 'There is no audit log here.')
    },
  },
  hashSalt: async () => {
    throw auditUnavailable(undefined, 'There is no audit log here.')
  },
}
