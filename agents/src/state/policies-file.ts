import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { AuditSink } from '@plumbline/tools/audit'
import type { PolicyDocument, PolicyText } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import { type PolicyStore, policyHash } from './policy-store.ts'

/** How often the file is looked at. */
const FRESH_MS = 1000

interface FileOptions {
  readonly parse: (yaml: string) => PolicyDocument
  readonly audit: AuditSink
  /** Hash of the document that the audit log names last, or null: another process may have recorded this change. */
  readonly lastRecorded: () => Promise<string | null>
}

/**
 * The policy document in a file under version control, which is then the one place to change it. A change of the file is taken over
 * within a second and recorded. When it is not valid, or gone, the rules that were read before stay in force and `origin` says so.
 * @throws POLICY_INVALID, FILE_INVALID at the start.
 */
export async function policiesFile(path: string, { parse, audit, lastRecorded }: FileOptions): Promise<PolicyStore> {
  const listeners = new Set<(current: PolicyText | null) => void>()
  let stamp = stampOf(path)
  let current = readPolicies(path, parse)
  let fault: string | null = null
  let at = Date.now()
  let looking: Promise<void> | null = null
  await record(current)

  async function record({ hash }: PolicyText): Promise<void> {
    if (hash === (await lastRecorded())) return
    await audit.record({
      principal: { id: 'system', name: 'The policy file', roles: [] },
      surface: 'system',
      action: 'policy-changed',
      outcome: 'ok',
      details: { file: basename(path), hash },
    })
  }

  async function look(): Promise<void> {
    at = Date.now()
    const seen = stampOf(path)
    if (seen === stamp && fault === null) return
    let found: PolicyText
    try {
      found = readPolicies(path, parse)
    } catch (error) {
      stamp = seen
      fault = toAppError(error).message
      return
    }
    // Recorded first: rules without a record are not in force.
    if (found.hash !== current.hash) await record(found)
    const changed = found.hash !== current.hash
    current = found
    stamp = seen
    fault = null
    if (changed) for (const listener of listeners) listener(current)
  }

  async function fresh(): Promise<PolicyText> {
    if (Date.now() - at >= FRESH_MS) {
      looking ??= look().finally(() => {
        looking = null
      })
      await looking
    }
    return current
  }

  const timer = setInterval(() => void fresh().catch(() => {}), FRESH_MS)
  timer.unref()

  const readOnly = async (): Promise<never> => {
    throw new AppError('CONFLICT', `The policies are kept in the file ${basename(path)}: change them there.`)
  }
  return {
    get origin() {
      return { kind: 'file' as const, name: basename(path), fault }
    },
    current: fresh,
    list: async () => [],
    async get(version) {
      if (version !== current.version)
        throw new AppError('NOT_FOUND', `The versions of ${basename(path)} are not kept here.`)
      return fresh()
    },
    save: readOnly,
    restore: readOnly,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => clearInterval(timer),
  }
}

function readPolicies(path: string, parse: (yaml: string) => PolicyDocument): PolicyText {
  let yaml: string
  let createdAt: string
  try {
    yaml = readFileSync(path, 'utf8')
    createdAt = statSync(path).mtime.toISOString()
  } catch (cause) {
    throw new AppError('FILE_INVALID', `The policy file ${path} can not be read: check PLUMBLINE_POLICIES_FILE.`, {
      cause,
    })
  }
  const name = basename(path)
  return {
    version: 0,
    author: { id: 'file', name },
    comment: '',
    createdAt,
    hash: policyHash(yaml),
    restored: null,
    yaml,
    document: parse(yaml),
  }
}

/** Changes whenever the file does; text in place of the file's content, so that looking costs one call. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.ino}-${found.mtimeMs}-${found.size}` : 'gone'
}
