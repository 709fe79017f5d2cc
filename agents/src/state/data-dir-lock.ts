import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@plumbline/tools/errors'
import { processIdentity } from './process-identity.ts'

interface Holder {
  readonly pid: number
  readonly identity: string
}

/**
 * Takes the data directory for this process and returns the function that gives it back. Two processes on one embedded
 * database would corrupt it, and nothing in PGlite stops them.
 *
 * The lock is a file that appears in one step with its content (a hard link), and names the run of a process. A lock
 * whose process is gone is taken over.
 * @throws DATA_DIR_LOCKED when another living process holds it.
 */
export function lockDataDir(dataDir: string): () => void {
  const lock = join(dataDir, 'lock')
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) })
  const draft = `${lock}.${randomUUID()}`
  writeFileSync(draft, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (linked(draft, lock)) return () => release(lock, mine)
      const found = read(lock)
      if (found === null) continue
      const holder = parse(found)
      if (holder && processIdentity(holder.pid) === holder.identity) throw locked(dataDir, holder.pid)
      removeStale(lock, found)
    }
    throw locked(dataDir, null)
  } finally {
    rmSync(draft, { force: true })
  }
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

function locked(dataDir: string, pid: number | null): AppError {
  const who = pid === null ? 'Another Plumbline process' : `Another Plumbline (process ${pid})`
  return new AppError(
    'DATA_DIR_LOCKED',
    `${who} uses ${dataDir}: stop it, or set PLUMBLINE_DATA_DIR to another folder.`,
    {
      data: { dataDir, ...(pid === null ? {} : { pid }) },
    },
  )
}
