import { Duplex } from 'node:stream'
import type { PGlite } from '@electric-sql/pglite'

/** Type bytes of the wire protocol, version 3 (PostgreSQL, "Message Formats"). The start-up message has none, it begins with 0. */
const TERMINATE = 0x58
const QUERY = 0x51
const SYNC = Buffer.from([0x53, 0, 0, 0, 4])
/** ReadyForQuery, before the byte of the transaction's status. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5])

/**
 * Makes the streams over which `pg` speaks its wire protocol to a PGlite in this process: no socket, so nobody else can
 * connect, and the real driver with its types, errors and pool on top.
 *
 * PGlite is one session, so the streams take turns: the next one connects when the last one has been cleaned up.
 * Measured on the alternatives (PGlite 0.5.14): `pglite-socket` and PGlite's own `node-postgres` entry hand the messages of one
 * query to the engine one by one, and after an error in such a query the connection is dead. Here they go in together.
 */
export function pgliteStreams(db: PGlite): () => Duplex {
  let free: Promise<void> = Promise.resolve()
  const takeTurn = async (): Promise<() => void> => {
    const before = free
    let release = () => {}
    free = new Promise((resolve) => {
      release = resolve
    })
    await before
    return release
  }
  return () => new PgliteStream(db, takeTurn)
}

class PgliteStream extends Duplex {
  readonly #db: PGlite
  readonly #takeTurn: () => Promise<() => void>
  #turn: Promise<() => void> | undefined

  constructor(db: PGlite, takeTurn: () => Promise<() => void>) {
    super()
    this.#db = db
    this.#takeTurn = takeTurn
  }

  // What `pg` calls on a socket beside reading and writing.
  connect(): this {
    this.#turn = this.#takeTurn()
    this.#turn.then(() => this.emit('connect'))
    return this
  }
  setNoDelay = () => this
  setKeepAlive = () => this
  ref = () => this
  unref = () => this

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#send([chunk]).then(() => done(), done)
  }

  override _writev(chunks: Array<{ chunk: Buffer }>, done: (error?: Error) => void): void {
    this.#send(chunks.map(({ chunk }) => chunk)).then(() => done(), done)
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#leave().then(
      () => done(error),
      () => done(error),
    )
  }

  async #send(chunks: Buffer[]): Promise<void> {
    // Terminate would end the engine, which outlives the connection.
    const messages = Buffer.concat(chunks.filter((chunk) => !(chunk.length === 5 && chunk[0] === TERMINATE)))
    if (messages.length === 0) return
    const replies: Buffer[] = []
    await this.#db.runExclusive(() =>
      // The engine reuses its buffer: copy what it gives.
      this.#db.execProtocolRawStream(messages, { onRawData: (data) => replies.push(Buffer.from(data)) }),
    )
    const reply = Buffer.concat(replies)
    this.push(reply)
    // A server that panics (its disk is full while it writes the log) closes the connection. The engine in this process just
    // falls silent, and the driver would wait for ever.
    if (wantsReady(messages) && !isReady(reply))
      throw new Error('Connection terminated: the embedded database has stopped.')
  }

  /** Leaves the one session as a closed connection would: no open transaction, no settings, no prepared statements. */
  async #leave(): Promise<void> {
    if (!this.#turn) return
    const release = await this.#turn
    try {
      if (this.#db.closed) return
      await this.#db.exec('ROLLBACK')
      await this.#db.exec('DISCARD ALL')
    } finally {
      release()
    }
  }
}

const wantsReady = (messages: Buffer) =>
  messages[0] === 0 || messages[0] === QUERY || messages.subarray(-SYNC.length).equals(SYNC)

const isReady = (reply: Buffer) => reply.subarray(-READY.length - 1, -1).equals(READY)
