/** The questions in progress, so that a closing server can stop them all. */
export class RunningAsks {
  readonly #running = new Map<AbortController, Promise<unknown>>()
  #closing = false

  /**
   * Runs `work` with a signal that aborts when `abort` is called by the caller's own reason or the server closes.
   * @param wire connects a reason to stop (a closed socket) to the controller.
   */
  async run<T>(wire: (controller: AbortController) => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    wire(controller)
    if (this.#closing) controller.abort()
    const done = work(controller.signal)
    this.#running.set(controller, done)
    try {
      return await done
    } finally {
      this.#running.delete(controller)
    }
  }

  /** Aborts everything and waits for it to end, for `patienceMs` at most. */
  async stopAll(patienceMs: number): Promise<void> {
    this.#closing = true
    for (const controller of this.#running.keys()) controller.abort()
    const patience = Promise.withResolvers<void>()
    const timer = setTimeout(patience.resolve, patienceMs)
    await Promise.race([Promise.allSettled(this.#running.values()), patience.promise])
    clearTimeout(timer)
  }
}
