import type { NewAuditEntry } from '@plumbline/tools/contract'
import { parsePolicies } from '@plumbline/tools/governance'
import type { Governance } from '../governance.ts'

export interface TestGovernance extends Governance {
  /** What was recorded, oldest first. */
  readonly entries: NewAuditEntry[]
}

/** Rules from a text, or none, and a log in memory: for tests, which ask what was recorded. */
export function testGovernance(yaml?: string): TestGovernance {
  const entries: NewAuditEntry[] = []
  const policies = yaml === undefined ? null : parsePolicies(yaml)
  return {
    entries,
    policies: async () => policies,
    hashSalt: async () => 'salt-of-the-tests-0123',
    audit: {
      async record(entry) {
        entries.push(entry)
        return { seq: entries.length, hash: '0'.repeat(64) }
      },
    },
  }
}
