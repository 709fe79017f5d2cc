import type { TimeGrain } from '@plumbline/tools/contract'
import type { CompareOperator, PlanAggregate, TimePart } from '@plumbline/tools/plan'
import type { Degree } from './adjectives.ts'
import type { Role } from './function-words.ts'
import type { Target } from './schema-lexicon.ts'
import type { TimeMeaning } from './time-expression.ts'
import type { ValueMatch } from './value-index.ts'

/** Something of the model, or a cut of time, that the question names. */
export type Mention = (Target | { kind: 'grain'; grain: TimeGrain } | { kind: 'part'; part: TimePart }) & {
  text: string
  plural?: boolean
  /** Said as a verb: "flew", "ordered". */
  verbal?: boolean
  /** The other things the same words may name, with the same right. */
  rivals?: Target[]
}

export interface ValueUse {
  text: string
  matches: ValueMatch[]
  negated: boolean
  /** Said of the subject of a share: "what share of A is B". */
  predicate: boolean
  /** The words right before: "to", "out of". */
  cues: string[]
  /** A field or entity named right before or after: "airline United". */
  beside: Mention[]
  /** Quoted text that the index does not have. */
  literal?: boolean
}

export interface Bound {
  op: CompareOperator
  value: number
  upper?: number
  percent: boolean
  text: string
  /** What the number is about, if it was said. */
  target?: Mention
  unit?: string
  degrees?: Degree[]
  /** Compared with the average (or another aggregate) over all instead of a number. */
  overall?: PlanAggregate
}

interface Superlative {
  direction: Extract<Role, { tag: 'superlative' }>['direction']
  wants: Extract<Role, { tag: 'superlative' }>['wants'] | 'adjective'
  degrees: Degree[]
  n?: number
  /** What is ranked by. */
  target?: Mention
  counted?: boolean
  aggregate?: PlanAggregate
  /** What is ranked. */
  group?: Mention
  perGroup?: boolean
}

export type DraftMeasure =
  | { kind: 'count'; target: Mention; distinct: boolean }
  | { kind: 'aggregate'; fn: PlanAggregate; target: Mention; counted: boolean }
  | { kind: 'named'; target: Mention }

/** What was understood of the question before it is a plan. */
export interface Draft {
  measures: DraftMeasure[]
  groups: Mention[]
  asked: Mention[]
  /** Named without a function word of their own. */
  plain: Mention[]
  values: ValueUse[]
  times: TimeMeaning[]
  segments: { mention: Mention; negated: boolean; share: boolean }[]
  bounds: Bound[]
  related: { mention: Mention; negated: boolean }[]
  sorts: { mention: Mention; direction: 'asc' | 'desc' }[]
  superlative?: Superlative
  limit?: number
  counts: boolean
  share: boolean
  compare: boolean
  relate: boolean
  /** The correlation itself is asked for. */
  correlation: boolean
  /** "Y depends on X": what depends is said first. */
  reversed: boolean
  distinct: boolean
  when: boolean
  either: boolean
  listed: boolean
  follow: Set<Extract<Role, { tag: 'follow' }>['how']>
  verbs: string[]
  /** An unknown word where the subject of the question stands: there is nothing to answer about. */
  headUnknown: boolean
  /** Words that nothing explains. */
  unknown: string[]
  /** Certainty lost by stems, typing errors and similar values. */
  doubt: number
  notes: string[]
}

export function emptyDraft(): Draft {
  return {
    measures: [],
    groups: [],
    asked: [],
    plain: [],
    values: [],
    times: [],
    segments: [],
    bounds: [],
    related: [],
    sorts: [],
    counts: false,
    share: false,
    compare: false,
    relate: false,
    correlation: false,
    reversed: false,
    distinct: false,
    when: false,
    either: false,
    listed: false,
    follow: new Set(),
    verbs: [],
    headUnknown: false,
    unknown: [],
    doubt: 0,
    notes: [],
  }
}
