import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { AuditHead, NewAuditEntry } from '../contract/index.ts'
import { AppError } from '../errors/index.ts'
import { takeLock } from '../process-lock/index.ts'
import type { AuditSink } from './audit-sink.ts'
import { auditUnavailable } from './audit-unavailable.ts'
import { canonicalJson } from './canonical-json.ts'
import { ChainCheck } from './chain-check.ts'
import { GroupCommit } from './group-commit.ts'
import { parseAuditLine } from './read-audit-file.ts'
import { completeEntry, type PendingEntry, sealEntry } from './seal-entry.ts'

export interface AuditFile extends AuditSink {
  readonly head: AuditHead
  close(): Promise<void>
}

/** How long one write waits for another process on the same file. */
const LOCK_MS = 10_000

/**
 * A log in JSON lines, for a server without a database (MCP over stdio). Several processes may write to one file: each group of
 * entries is written under a lock file beside it, after what the others wrote in between was read and checked, so that there is one
 * chain. An entry is acknowledged after `fdatasync`.
 *
 * @throws AUDIT_UNAVAILABLE when the file can not be opened or its chain is broken: a broken log is not continued.
 */
export async function openAuditFile(path: string): Promise<AuditFile> {
  const handle = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600).catch((error) => {
    throw new AppError('AUDIT_UNAVAILABLE', `The audit log ${path} can not be opened for writing.`, { cause: error })
  })
  const log = new JsonLinesLog(path, handle)
  try {
    await syncFolder(path)
    await log.underLock(() => log.catchUp())
  } catch (error) {
    await handle.close()
    throw error
  }
  const commit = new GroupCommit((entries: readonly PendingEntry[]) => log.append(entries))
  return {
    get head() {
      return log.head
    },
    record: async (entry: NewAuditEntry) => commit.add(completeEntry(entry, new Date())),
    close: async () => {
      await commit.idle()
      await handle.close()
    },
  }
}

class JsonLinesLog {
  readonly #path: string
  readonly #handle: FileHandle
  readonly #check = new ChainCheck()
  /** Bytes that were read and checked, or written by us. */
  #known = 0

  constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  get head(): AuditHead {
    return this.#check.head
  }

  async append(entries: readonly PendingEntry[]): Promise<AuditHead[]> {
    return this.underLock(async () => {
      await this.catchUp()
      const heads: AuditHead[] = []
      let text = ''
      for (const entry of entries) {
        const sealed = sealEntry(entry, heads.at(-1) ?? this.head)
        heads.push({ seq: sealed.seq, hash: sealed.hash })
        text += `${canonicalJson(sealed)}\n`
      }
      const bytes = Buffer.from(text)
      try {
        await this.#handle.appendFile(bytes)
        await this.#handle.datasync()
      } catch (error) {
        // A part of a line, or lines that may not last: nobody was told of them. If this fails too, the next write finds out.
        await this.#handle.truncate(this.#known).catch(() => {})
        throw error
      }
      this.#known += bytes.length
      for (const line of text.trimEnd().split('\n')) this.#check.next(parseAuditLine(line))
      return heads
    })
  }

  /**
   * Reads and checks what stands behind the part that is known. A last line without its end was never acknowledged (its process was
   * killed while it wrote) and is cut off.
   */
  async catchUp(): Promise<void> {
    const { size, ino } = await this.#handle.stat()
    const named = await stat(this.#path).catch(() => null)
    if (named?.ino !== ino) throw this.#broken('was moved or replaced while it was in use.')
    if (size < this.#known) throw this.#broken('was cut.')
    let rest = Buffer.alloc(0)
    while (this.#known + rest.length < size) {
      const at = this.#known + rest.length
      const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(Math.min(1 << 20, size - at)), {
        position: at,
      })
      if (bytesRead === 0) break
      rest = this.#take(Buffer.concat([rest, buffer.subarray(0, bytesRead)]))
    }
    if (rest.length > 0) await this.#handle.truncate(this.#known)
  }

  /** Checks the whole lines of a piece and gives back what comes behind them. */
  #take(bytes: Buffer): Buffer<ArrayBuffer> {
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const fault = this.#check.next(parseAuditLine(bytes.toString('utf8', from, end)))
      if (fault) throw this.#broken(`is broken. ${fault.message}`)
      this.#known += end + 1 - from
      from = end + 1
    }
    return Buffer.from(bytes.subarray(from))
  }

  async underLock<Result>(work: () => Promise<Result>): Promise<Result> {
    const deadline = Date.now() + LOCK_MS
    try {
      let lock = takeLock(`${this.#path}.lock`)
      while (!lock.taken) {
        if (Date.now() > deadline)
          throw new AppError('AUDIT_UNAVAILABLE', `Process ${lock.pid} does not let go of the audit log ${this.#path}.`)
        await pause(2 + Math.random() * 8)
        lock = takeLock(`${this.#path}.lock`)
      }
      try {
        return await work()
      } finally {
        lock.release()
      }
    } catch (error) {
      throw error instanceof AppError ? error : auditUnavailable(error)
    }
  }

  #broken(how: string): AppError {
    return new AppError(
      'AUDIT_UNAVAILABLE',
      `The audit log ${this.#path} ${how} Keep it for whoever looks into it, and name another file to go on.`,
    )
  }
}

/** Without this, the name of a new file may be lost with the power. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
