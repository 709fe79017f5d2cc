import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processIdentity } from '@plumbline/tools/process-lock'

/** Where the running server of a data directory is; its `api-token` lies beside it. */
export interface RunningServer {
  readonly url: string
  readonly pid: number
}

interface ServerFile extends RunningServer {
  readonly identity: string | null
}

const apiTokenFile = (dataDir: string) => join(dataDir, 'api-token')
const serverFile = (dataDir: string) => join(dataDir, 'server.json')

/** The API token of the installation, made on the first start. Only its owner may read the file. */
export function ensureApiToken(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(apiTokenFile(dataDir), `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    chmodSync(apiTokenFile(dataDir), 0o600)
  }
  const token = readApiToken(dataDir)
  if (token !== null) return token
  // An empty file, after a full disk.
  rmSync(apiTokenFile(dataDir))
  return ensureApiToken(dataDir)
}

/** The API token, or null where no server has run yet. */
export function readApiToken(dataDir: string): string | null {
  return readOr(apiTokenFile(dataDir), '').trim() || null
}

/** Tells the command line where this process listens. */
export function writeServerFile(dataDir: string, url: string): void {
  const content: ServerFile = { url, pid: process.pid, identity: processIdentity(process.pid) }
  writeFileSync(serverFile(dataDir), `${JSON.stringify(content)}\n`, { mode: 0o600 })
}

export function removeServerFile(dataDir: string): void {
  if (readServerFile(dataDir)?.pid === process.pid) rmSync(serverFile(dataDir), { force: true })
}

/** The server that runs on this data directory, or null; a file left by a dead process counts as none. */
export function readServerFile(dataDir: string): RunningServer | null {
  try {
    const { url, pid, identity } = JSON.parse(readOr(serverFile(dataDir), 'null')) as ServerFile
    return identity !== null && processIdentity(pid) === identity ? { url, pid } : null
  } catch {
    return null
  }
}

function readOr(file: string, other: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return other
    throw error
  }
}
