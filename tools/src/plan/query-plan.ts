import { z } from 'zod'
import { Cell, TimeGrain } from '../contract/column.ts'

/** A dimension of an entity. `via` names the join by which the entity is reached when there are several. */
export const FieldRef = z.object({ entity: z.string(), field: z.string(), via: z.string().optional() })
export type FieldRef = z.infer<typeof FieldRef>

export const TimePart = z.enum(['hour', 'day', 'weekday', 'week', 'month', 'quarter', 'year'])
export type TimePart = z.infer<typeof TimePart>

export const CompareOperator = z.enum(['=', '<>', '<', '<=', '>', '>='])
export type CompareOperator = z.infer<typeof CompareOperator>

export const PlanAggregate = z.enum(['avg', 'sum', 'min', 'max', 'median', 'count_distinct'])
export type PlanAggregate = z.infer<typeof PlanAggregate>

/** How a filter came from the words of the question; it goes into the receipt. */
const matched = {
  asked: z.string().optional(),
  matchedBy: z.enum(['exact', 'synonym', 'similar', 'number', 'date', 'follow-up', 'choice', 'model']).optional(),
}

const LeafCondition = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('compare'), field: FieldRef, op: CompareOperator, value: Cell, ...matched }),
  z.object({
    kind: z.literal('in'),
    field: FieldRef,
    values: z.array(Cell).min(1),
    negated: z.boolean().default(false),
    ...matched,
  }),
  z.object({ kind: z.literal('between'), field: FieldRef, from: Cell, to: Cell, ...matched }),
  z.object({
    kind: z.literal('like'),
    field: FieldRef,
    mode: z.enum(['contains', 'starts', 'ends']),
    text: z.string(),
    negated: z.boolean().default(false),
    ...matched,
  }),
  z.object({ kind: z.literal('null'), field: FieldRef, negated: z.boolean().default(false), ...matched }),
  z.object({
    kind: z.literal('segment'),
    entity: z.string(),
    name: z.string(),
    negated: z.boolean().default(false),
    ...matched,
  }),
  /** `from` inclusive, `to` exclusive; ISO dates or local date-times in the zone of the field. */
  z.object({
    kind: z.literal('time'),
    field: FieldRef,
    from: z.string().optional(),
    to: z.string().optional(),
    label: z.string(),
    ...matched,
  }),
  /** A recurring part of a time: hours from 18 on, weekdays 6 and 7 (Monday is 1), month 7 of any year. */
  z.object({
    kind: z.literal('part'),
    field: FieldRef,
    part: TimePart,
    values: z.array(z.number().int()).min(1),
    label: z.string(),
    negated: z.boolean().default(false),
    ...matched,
  }),
  z.object({ kind: z.literal('fields'), left: FieldRef, op: CompareOperator, right: FieldRef, ...matched }),
  /** Compared with an aggregate over all rows of the entity: "more expensive than the average". */
  z.object({ kind: z.literal('overall'), field: FieldRef, op: CompareOperator, fn: PlanAggregate, ...matched }),
])
export type LeafCondition = z.infer<typeof LeafCondition>

export type Condition =
  | LeafCondition
  | { kind: 'and'; items: Condition[] }
  | { kind: 'or'; items: Condition[] }
  /** Rows of the base with (or without) a related row that fulfils `where`. */
  | {
      kind: 'related'
      entity: string
      via?: string | undefined
      negated: boolean
      where: Condition[]
      asked?: string | undefined
    }

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    LeafCondition,
    z.object({ kind: z.enum(['and', 'or']), items: z.array(Condition).min(1) }),
    z.object({
      kind: z.literal('related'),
      entity: z.string(),
      via: z.string().optional(),
      negated: z.boolean(),
      where: z.array(Condition),
      asked: z.string().optional(),
    }),
  ]),
)

/** `grain` cuts a time, `part` takes a recurring part of it, `bin` rounds a number down to a multiple. */
export const PlanDimension = z.object({
  field: FieldRef,
  grain: TimeGrain.optional(),
  part: TimePart.optional(),
  bin: z.number().positive().optional(),
  label: z.string().optional(),
  /** Rows are told apart by the key of the entity, so that two people of one name stay two. */
  byKey: z.boolean().default(false),
})
export type PlanDimension = z.infer<typeof PlanDimension>

export type PlanMeasure = { label?: string | undefined; where?: Condition[] | undefined } & (
  | { kind: 'measure'; entity: string; name: string }
  | { kind: 'count'; entity: string }
  | { kind: 'aggregate'; fn: PlanAggregate; field: FieldRef }
  /** Rows of the entity for which `of` holds, divided by all its rows. */
  | { kind: 'share'; entity: string; of: Condition[] }
  /** Of the whole result: group ÷ all groups. */
  | { kind: 'share-of-total'; of: PlanMeasure }
  | { kind: 'difference'; left: PlanMeasure; right: PlanMeasure }
  | { kind: 'correlation'; x: FieldRef; y: FieldRef }
  /** An aggregate of a measure that is first computed per group: "average number of orders per day". */
  | { kind: 'nested'; fn: 'avg' | 'min' | 'max' | 'median' | 'sum'; of: PlanMeasure; per: PlanDimension[] }
)

const measureBase = { label: z.string().optional(), where: z.array(Condition).optional() }
export const PlanMeasure: z.ZodType<PlanMeasure> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ ...measureBase, kind: z.literal('measure'), entity: z.string(), name: z.string() }),
    z.object({ ...measureBase, kind: z.literal('count'), entity: z.string() }),
    z.object({ ...measureBase, kind: z.literal('aggregate'), fn: PlanAggregate, field: FieldRef }),
    z.object({ ...measureBase, kind: z.literal('share'), entity: z.string(), of: z.array(Condition).min(1) }),
    z.object({ ...measureBase, kind: z.literal('share-of-total'), of: PlanMeasure }),
    z.object({ ...measureBase, kind: z.literal('difference'), left: PlanMeasure, right: PlanMeasure }),
    z.object({ ...measureBase, kind: z.literal('correlation'), x: FieldRef, y: FieldRef }),
    z.object({
      ...measureBase,
      kind: z.literal('nested'),
      fn: z.enum(['avg', 'min', 'max', 'median', 'sum']),
      of: PlanMeasure,
      per: z.array(PlanDimension).min(1),
    }),
  ]),
)

export const Having = z.object({
  measure: PlanMeasure,
  op: CompareOperator,
  value: z.number(),
  asked: z.string().optional(),
})
export type Having = z.infer<typeof Having>

export const PlanSort = z.object({
  /** A measure or dimension by its place in the plan, or a field of its own. */
  by: z.union([
    z.object({ measure: z.number().int().min(0) }),
    z.object({ dimension: z.number().int().min(0) }),
    z.object({ field: FieldRef }),
  ]),
  direction: z.enum(['asc', 'desc']),
})
export type PlanSort = z.infer<typeof PlanSort>

/**
 * What a question means over a semantic model: typed, serialisable and without a word of SQL. With `measures` the rows
 * are grouped by `dimensions`; without, `columns` are listed row by row.
 */
export const QueryPlan = z.object({
  /** The entity the question is about; joins start here when possible. */
  base: z.string(),
  measures: z.array(PlanMeasure).default([]),
  dimensions: z.array(PlanDimension).default([]),
  columns: z.array(FieldRef).default([]),
  distinct: z.boolean().default(false),
  filters: z.array(Condition).default([]),
  having: z.array(Having).default([]),
  sort: z.array(PlanSort).default([]),
  limit: z.number().int().positive().optional(),
  /** Only the first `n` rows of each group, in the order of `sort`. */
  perGroup: z.object({ n: z.number().int().positive(), by: z.array(FieldRef).min(1) }).optional(),
})
export type QueryPlan = z.infer<typeof QueryPlan>
