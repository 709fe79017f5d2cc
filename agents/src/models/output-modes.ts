/**
 * The ways a server can be asked for JSON, best first. A way that a server refused for a schema is not tried again for
 * that schema: each refusal costs a round trip.
 */
export class OutputModes<Mode> {
  readonly #modes: readonly Mode[]
  readonly #start = new Map<string, number>()

  constructor(modes: readonly Mode[]) {
    this.#modes = modes
  }

  /**
   * Calls `send` with one mode after the other while `isRefusal` holds. When all are refused it was not about the mode,
   * and the first error is the one to show.
   */
  async run<Reply>(schemaName: string, send: (mode: Mode) => Promise<Reply>, isRefusal: (error: unknown) => boolean) {
    let refusal: unknown
    for (let index = this.#start.get(schemaName) ?? 0; index < this.#modes.length; index++) {
      try {
        const reply = await send(this.#modes[index] as Mode)
        this.#start.set(schemaName, index)
        return reply
      } catch (error) {
        if (!isRefusal(error)) throw error
        refusal ??= error
      }
    }
    throw refusal
  }
}
