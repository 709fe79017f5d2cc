import { parsePolicies } from '@plumbline/tools/governance'
import type { Kysely } from 'kysely'
import type { AuditLog } from './audit.ts'
import type { Database } from './database.ts'
import { policyVersions } from './policies.ts'
import { policiesFile } from './policies-file.ts'
import type { PolicyStore } from './policy-store.ts'

interface PolicyPlace {
  readonly audit: AuditLog
  /** Whether other processes may write to the same database. */
  readonly shared: boolean
  /** A file that is the one place to change the rules; without it they are kept in the database. */
  readonly file?: string | undefined
}

export async function openPolicies(db: Kysely<Database>, { audit, shared, file }: PolicyPlace): Promise<PolicyStore> {
  if (file === undefined) return policyVersions(db, { parse: parsePolicies, shared })
  return policiesFile(file, {
    parse: parsePolicies,
    audit,
    async lastRecorded() {
      const { entries } = await audit.search({ action: 'policy-changed' }, { limit: 1 })
      const hash = entries[0]?.details.hash
      return typeof hash === 'string' ? hash : null
    },
  })
}
