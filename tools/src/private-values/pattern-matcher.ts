/** A place where a pattern ends in a text. */
export interface PatternHit<Payload> {
  readonly end: number
  readonly length: number
  readonly payload: Payload
}

interface State<Payload> {
  readonly next: Map<string, State<Payload>>
  readonly depth: number
  fail: State<Payload> | null
  /** The nearest shorter pattern that ends here, too. */
  shorter: State<Payload> | null
  payload: Payload | undefined
}

/**
 * Finds all of many patterns in one pass over a text, however many there are (Aho and Corasick, "Efficient string matching",
 * CACM 18(6), 1975).
 */
export class PatternMatcher<Payload> {
  readonly #root: State<Payload> = { next: new Map(), depth: 0, fail: null, shorter: null, payload: undefined }
  #linked = true

  /** What is kept under `pattern`; `make` is called when it is new. */
  add(pattern: string, make: () => Payload): Payload {
    let state = this.#root
    for (let i = 0; i < pattern.length; i++) {
      const unit = pattern[i] as string
      let next = state.next.get(unit)
      if (!next) {
        next = { next: new Map(), depth: state.depth + 1, fail: null, shorter: null, payload: undefined }
        state.next.set(unit, next)
      }
      state = next
    }
    state.payload ??= make()
    this.#linked = false
    return state.payload
  }

  find(text: string): PatternHit<Payload>[] {
    if (!this.#linked) this.#link()
    const hits: PatternHit<Payload>[] = []
    let state = this.#root
    for (let i = 0; i < text.length; i++) {
      const unit = text[i] as string
      while (!state.next.has(unit) && state.fail) state = state.fail
      state = state.next.get(unit) ?? this.#root
      for (let ended: State<Payload> | null = state; ended; ended = ended.shorter) {
        if (ended.payload !== undefined) hits.push({ end: i + 1, length: ended.depth, payload: ended.payload })
      }
    }
    return hits
  }

  /** Breadth first: where to go on when a pattern breaks off. */
  #link(): void {
    const queue: State<Payload>[] = []
    for (const state of this.#root.next.values()) {
      state.fail = this.#root
      queue.push(state)
    }
    for (let i = 0; i < queue.length; i++) {
      const state = queue[i] as State<Payload>
      for (const [unit, next] of state.next) {
        let fail = state.fail
        while (fail && !fail.next.has(unit)) fail = fail.fail
        next.fail = fail?.next.get(unit) ?? this.#root
        next.shorter = next.fail.payload !== undefined ? next.fail : next.fail.shorter
        queue.push(next)
      }
    }
    this.#linked = true
  }
}
