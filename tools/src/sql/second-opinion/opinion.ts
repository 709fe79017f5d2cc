/** A table as a query names it; what is left out is absent. */
export interface NamedTable {
  readonly catalog?: string | undefined
  readonly schema?: string | undefined
  readonly name: string
}

/** A place of a query where a table stands. */
export interface TableReference extends NamedTable {
  /** The name it has there, when the query gives it one. */
  readonly alias?: string | undefined
}

/** What a second parser, which shares no code with the guard, makes of a text. */
export type Opinion =
  | {
      readonly kind: 'query'
      /** Every place where a table stands, in the order of the tree: a table that stands twice is there twice. */
      readonly tables: readonly TableReference[]
    }
  | {
      /** `other`: it is read, and is not one query. `unreadable`: it is not read. */
      readonly kind: 'other' | 'unreadable'
      /** For the log and the tests, not for people: it may quote the query. */
      readonly error: string
    }

/** A name in the form in which the dialect compares names. */
export type FoldName = (name: string, quoted: boolean) => string
