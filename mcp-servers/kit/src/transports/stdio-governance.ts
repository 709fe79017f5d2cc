import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { openAuditFile } from '@plumbline/tools/audit'
import type { PolicyDocument } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { parsePolicies } from '@plumbline/tools/governance'
import type { Governance } from '../governance.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The rules and the log of a server over stdio, which has no database: PLUMBLINE_POLICIES_FILE (none: only the owner sees data),
 * PLUMBLINE_AUDIT_FILE (a file in the user's state folder when unset) and PLUMBLINE_HASH_SALT.
 * @throws CONFIG_INVALID, POLICY_INVALID, AUDIT_UNAVAILABLE
 */
export async function openStdioGovernance(env: Env): Promise<Governance & { close(): Promise<void> }> {
  const policies = await readPolicies(env.PLUMBLINE_POLICIES_FILE)
  const file = env.PLUMBLINE_AUDIT_FILE ?? join(stateFolder(env), 'plumbline', 'mcp-audit.jsonl')
  await mkdir(dirname(file), { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new AppError('AUDIT_UNAVAILABLE', 'The folder of the audit log can not be made. Set PLUMBLINE_AUDIT_FILE.', {
      cause,
    })
  })
  const audit = await openAuditFile(file)
  return {
    policies: async () => policies,
    audit,
    hashSalt: async () => {
      const salt = env.PLUMBLINE_HASH_SALT
      if (salt !== undefined && /^[\w-]{16,200}$/.test(salt)) return salt
      throw new AppError(
        'CONFIG_INVALID',
        'A hash mask needs PLUMBLINE_HASH_SALT: at least 16 letters, digits, `-` or `_`.',
      )
    },
    close: () => audit.close(),
  }
}

async function readPolicies(file: string | undefined): Promise<PolicyDocument | null> {
  if (file === undefined) return null
  const yaml = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('CONFIG_INVALID', 'PLUMBLINE_POLICIES_FILE is not a file that can be read.', { cause })
  })
  return parsePolicies(yaml)
}

/** XDG Base Directory Specification: what a program keeps and a user may throw away. */
const stateFolder = (env: Env) => env.XDG_STATE_HOME || join(homedir(), '.local', 'state')
