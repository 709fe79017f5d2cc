/** Runs work one after another per thread: two questions at once in one thread would overwrite each other's state. */
export class ThreadQueue {
  private readonly tails = new Map<string, Promise<void>>()

  async run<T>(threadId: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(threadId) ?? Promise.resolve()
    const { promise: mine, resolve: release } = Promise.withResolvers<void>()
    const tail = before.then(() => mine)
    this.tails.set(threadId, tail)
    await before
    try {
      return await work()
    } finally {
      release()
      if (this.tails.get(threadId) === tail) this.tails.delete(threadId)
    }
  }
}
