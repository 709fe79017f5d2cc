import type { BudgetRule, Mask } from '../contract/policy.ts'

export interface AppliedFilter {
  readonly id: string
  readonly sql: string
  readonly description?: string
}

export interface AppliedMask {
  readonly id: string
  readonly mask: Mask
  readonly description?: string
}

/** What one person may see of one table. Column names are in lower case. */
export interface TableAccess {
  /** `*`: every column that is not in `except`. */
  readonly columns: ReadonlySet<string> | '*'
  readonly except: ReadonlySet<string>
  readonly filters: readonly AppliedFilter[]
  readonly masks: ReadonlyMap<string, AppliedMask>
}

type Figures = Pick<
  BudgetRule,
  'querySeconds' | 'resultRows' | 'resultBytes' | 'scanRows' | 'scanBytes' | 'tokensPerDay' | 'usdPerDay'
>

/** The figures of a budget; what is absent is not limited. */
export type Budget = Partial<Figures> & {
  readonly over: 'refuse' | 'approve'
  /** Ids of the rules the figures come from. */
  readonly rules: readonly string[]
  /** Ids of the rules that each figure comes from. */
  readonly rulesOf?: Partial<Record<keyof Figures, readonly string[]>>
}

/** What one person may see of one source. */
export interface SourceAccess {
  readonly source: string
  /** No rule applies: the person sees all there is. */
  readonly unrestricted: boolean
  /**
   * Equal for two people who see the same rows and values: what is cached under it may be shared between them. It covers the
   * rules and those attributes of the person that the rules read.
   */
  readonly fingerprint: string
  /** `table` as the system writes it, with its schema where that is not the usual one; null: it does not exist for them. */
  table(table: string): TableAccess | null
  /** Columns whose values may not reach a language model. */
  isPrivate(table: string, column: string): boolean
  readonly budget: Budget
}
