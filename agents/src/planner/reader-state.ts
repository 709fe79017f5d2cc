import type { CompareOperator, PlanAggregate } from '@plumbline/tools/plan'
import type { SemanticModel } from '@plumbline/tools/semantic'
import type { Mentioned } from './choose-target.ts'
import type { Bound, Draft, Mention } from './draft.ts'
import type { Span } from './link.ts'
import type { SpanCursor } from './span-cursor.ts'

/** What words before have announced and nothing has taken yet. */
export interface Pending {
  aggregates: PlanAggregate[]
  count: boolean
  amount: boolean
  group: boolean
  ask: boolean
  negated: boolean
  without: boolean
  sort: boolean
  comparator: { op: CompareOperator | 'between'; text: string; degrees?: Bound['degrees'] } | undefined
  number: number | undefined
}

export const idle = (): Pending => ({
  aggregates: [],
  count: false,
  amount: false,
  group: false,
  ask: false,
  negated: false,
  without: false,
  sort: false,
  comparator: undefined,
  number: undefined,
})

/** What a question has given so far, as the readers of its parts share it. */
export interface ReaderState {
  readonly spans: readonly Span[]
  readonly model: SemanticModel
  readonly cursor: SpanCursor
  readonly mentioned: Mentioned
  readonly draft: Draft
  readonly pending: Pending
  /** The last thing of the model that was named. */
  readonly last: Mention | undefined
}

/** The comparison that "not" makes of another. */
export const NEGATION: Record<CompareOperator, CompareOperator> = {
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
  '=': '<>',
  '<>': '=',
}
