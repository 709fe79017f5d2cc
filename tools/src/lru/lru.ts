/** The `size` values that were used last. A Map keeps the order in which keys came. */
export class Lru<Value> {
  readonly #size: number
  readonly #values = new Map<string, Value>()

  constructor(size: number) {
    this.#size = size
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  set(key: string, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#size) break
      this.#values.delete(oldest)
    }
  }

  /** The value of a key, made when there is none. A promise that rejects is made again the next time. */
  remember(key: string, make: () => Value): Value {
    const known = this.get(key)
    if (known !== undefined) return known
    const value = make()
    this.set(key, value)
    if (value instanceof Promise) {
      value.catch(() => {
        if (this.#values.get(key) === value) this.delete(key)
      })
    }
    return value
  }

  delete(key: string): void {
    this.#values.delete(key)
  }
}
