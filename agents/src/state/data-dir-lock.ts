import { join } from 'node:path'
import { AppError } from '@plumbline/tools/errors'
import { takeLock } from '@plumbline/tools/process-lock'

/**
 * Takes the data directory for this process and returns the function that gives it back. Two processes on one embedded
 * database would corrupt it, and nothing in PGlite stops them.
 * @throws DATA_DIR_LOCKED when another living process holds it.
 */
export function lockDataDir(dataDir: string): () => void {
  const lock = takeLock(join(dataDir, 'lock'))
  if (lock.taken) return lock.release
  const who = lock.pid === null ? 'Another Plumbline process' : `Another Plumbline (process ${lock.pid})`
  throw new AppError(
    'DATA_DIR_LOCKED',
    `${who} uses ${dataDir}: stop it, or set PLUMBLINE_DATA_DIR to another folder.`,
    {
      data: { dataDir, ...(lock.pid === null ? {} : { pid: lock.pid }) },
    },
  )
}
