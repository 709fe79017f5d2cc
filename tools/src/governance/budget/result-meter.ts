import type { Cell } from '../../contract/column.ts'

/** What each row costs beside its cells: brackets and a comma. */
const ROW = 3

/**
 * Counts a result while it is read: bytes as JSON in UTF-8, which is how it travels. `take` says whether the row still fits; the
 * first that does not ends the reading, and the result is cut there.
 */
export class ResultMeter {
  readonly maxBytes: number
  #bytes = 0
  #full = false

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** A row did not fit: there was more than is given. */
  get full(): boolean {
    return this.#full
  }

  /** Where it was counted elsewhere: there was more than is given. */
  stop(): void {
    this.#full = true
  }

  take(row: readonly Cell[]): boolean {
    if (this.#full) return false
    let size = ROW
    for (const cell of row) size += 1 + cellBytes(cell)
    if (this.#bytes + size > this.maxBytes) {
      this.#full = true
      return false
    }
    this.#bytes += size
    return true
  }
}

function cellBytes(cell: Cell): number {
  if (cell === null) return 4
  if (typeof cell === 'string') return Buffer.byteLength(cell) + 2
  return String(cell).length
}
