import type { Governance } from '@plumbline/mcp-kit'
import type { State } from '../state/index.ts'

/** What the sources are held to: the policies, the log and the secret of the state, which may still be opening. */
export function stateGovernance(opening: State | Promise<State>): Governance {
  return {
    policies: async () => (await (await opening).policies.current())?.document ?? null,
    audit: { record: async (entry) => (await opening).audit.record(entry) },
    approvals: { redeem: async (use) => (await opening).approvals.redeem(use) },
    hashSalt: async () => (await opening).secrets.get('hash-salt'),
  }
}
