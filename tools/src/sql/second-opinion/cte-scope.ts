/**
 * The common table expressions that a name may mean at a point of a query. A scope is never changed: what stands further in
 * sees a longer one, so that no walk has to undo anything.
 */
export class CteScope {
  static readonly none = new CteScope(null, new Set())
  readonly #outer: CteScope | null
  readonly #names: ReadonlySet<string>

  private constructor(outer: CteScope | null, names: ReadonlySet<string>) {
    this.#outer = outer
    this.#names = names
  }

  /** The scope further in. Names are folded as the dialect compares them. */
  with(...names: string[]): CteScope {
    return new CteScope(this, new Set(names))
  }

  has(name: string): boolean {
    return this.#names.has(name) || (this.#outer?.has(name) ?? false)
  }
}
