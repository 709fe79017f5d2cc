import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { processIdentity } from './process-identity.ts'

export type Lock =
  | { readonly taken: true; release(): void }
  /** Who has it: the id of the process, or null when another was faster at every try. */
  | { readonly taken: false; readonly pid: number | null }

interface Holder {
  readonly pid: number
  readonly identity: string
}

/**
 * Takes the lock that this file is, for this process, without waiting. The file appears in one step with its content (a hard link)
 * and names the run of a process; a lock whose process is gone is taken over.
 */
export function takeLock(file: string): Lock {
  const mine = JSON.stringify({ pid: process.pid, identity: ownIdentity() })
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (linked(draft, file)) return { taken: true, release: () => release(file, mine) }
      const found = read(file)
      if (found === null) continue
      const holder = parse(found)
      if (holder && processIdentity(holder.pid) === holder.identity) return { taken: false, pid: holder.pid }
      removeStale(file, found)
    }
    return { taken: false, pid: null }
  } finally {
    rmSync(draft, { force: true })
  }
}

let identity: string | null = null
function ownIdentity(): string | null {
  identity ??= processIdentity(process.pid)
  return identity
}

function linked(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves a stale lock away; when another process was faster and the moved lock is already its own, puts it back. */
function removeStale(lock: string, stale: string): void {
  const aside = `${lock}.${randomUUID()}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (read(aside) !== stale) linked(aside, lock)
  rmSync(aside, { force: true })
}

function release(lock: string, mine: string): void {
  if (read(lock) === mine) rmSync(lock, { force: true })
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function parse(text: string): Holder | null {
  try {
    const { pid, identity } = JSON.parse(text) as Partial<Holder>
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : null
  } catch {
    return null
  }
}
