import { z } from 'zod'
import { ColumnType, NumberFormat, TimeGrain } from '../contract/column.ts'

/** A name inside the model. No dot, because `entity.field` is how one part refers to another. */
const Name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^.]+$/, 'must not be empty or hold a dot')
const Words = z.array(z.string().min(1)).default([])

/**
 * SQL over the entity's own table, in the dialect of the source. Columns stand in braces, `{dep_time} IS NULL`, so that
 * the compiler can qualify them in a join; `{x}` may also name another dimension of the same entity.
 */
const Sql = z.string().min(1)

export const DimensionKind = z.enum(['categorical', 'numeric', 'time', 'key', 'boolean'])
export type DimensionKind = z.infer<typeof DimensionKind>

export const DimensionAggregate = z.enum(['avg', 'sum', 'min', 'max', 'median'])
export type DimensionAggregate = z.infer<typeof DimensionAggregate>

/** Something rows can be grouped by, filtered by, listed, or (when numeric) aggregated. */
export const Dimension = z.object({
  name: Name,
  /** Physical column; without it and without `expression` the name is the column. */
  column: z.string().min(1).optional(),
  expression: Sql.optional(),
  type: ColumnType,
  kind: DimensionKind,
  label: z.string().min(1),
  synonyms: Words,
  unit: z.string().optional(),
  format: NumberFormat.optional(),
  description: z.string().optional(),
  /** Finest grain a time dimension has: a `date` has `day`. */
  grain: TimeGrain.optional(),
  /** For a time: columns that already hold its parts, so that "in July" reads `month = 7` in the SQL. */
  parts: z.object({ year: Sql, quarter: Sql, month: Sql, day: Sql, hour: Sql }).partial().optional(),
  /** IANA zone the stored time is in; the model's zone when absent. */
  zone: z.string().optional(),
  /** The distinct values are indexed, so that words of a question can be matched to them. */
  searchable: z.boolean().default(false),
  values: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]), synonyms: Words })).default([]),
  /** What "departure delay by month" means when no aggregate is said: average unless set. */
  aggregate: DimensionAggregate.optional(),
  better: z.enum(['low', 'high']).optional(),
  /** Adjectives that compare by this dimension: `more: [long]` gives "longer than 5", "the longest". */
  adjectives: z.object({ more: Words, less: Words }).optional(),
  /** Words that stand before a value of this dimension and of no other of the entity: "to" before a destination. */
  cues: Words,
  /** Never shown, listed or indexed. */
  private: z.boolean().default(false),
})
export type Dimension = z.infer<typeof Dimension>

export const MeasureAggregate = z.enum([
  'count',
  'count_distinct',
  'sum',
  'avg',
  'min',
  'max',
  'median',
  'ratio',
  'expression',
])
export type MeasureAggregate = z.infer<typeof MeasureAggregate>

/** A number computed over many rows. */
export const Measure = z.object({
  name: Name,
  label: z.string().min(1),
  synonyms: Words,
  description: z.string().optional(),
  unit: z.string().optional(),
  format: NumberFormat.optional(),
  aggregate: MeasureAggregate,
  column: z.string().min(1).optional(),
  /** What is aggregated; for `aggregate: expression` a whole aggregate such as `sum({a}) / nullif(sum({b}), 0)`. */
  expression: Sql.optional(),
  /** Only rows for which this holds are aggregated. */
  filter: Sql.optional(),
  /** For `ratio`: the rows counted above the line, and below it (all rows when absent). */
  numerator: Sql.optional(),
  denominator: Sql.optional(),
  better: z.enum(['low', 'high']).optional(),
})
export type Measure = z.infer<typeof Measure>

/** A named condition: "cancelled". */
export const Segment = z.object({
  name: Name,
  label: z.string().min(1),
  synonyms: Words,
  description: z.string().optional(),
  filter: Sql,
})
export type Segment = z.infer<typeof Segment>

export const Entity = z.object({
  name: Name,
  /** Physical table; the name when absent. */
  table: z.string().min(1).optional(),
  /** What the rows are, in the plural: "flights". */
  title: z.string().min(1),
  description: z.string().optional(),
  synonyms: Words,
  /** Columns that identify one row. */
  key: z.array(z.string().min(1)).default([]),
  /** The dimension by which one row is called for people: the name of an airline rather than its code. */
  labelDimension: z.string().optional(),
  /** The time meant by "in July" when several are there. */
  timeDimension: z.string().optional(),
  dimensions: z.array(Dimension),
  measures: z.array(Measure).default([]),
  segments: z.array(Segment).default([]),
})
export type Entity = z.infer<typeof Entity>

export const JoinCardinality = z.enum(['many-to-one', 'one-to-one', 'one-to-many'])
export type JoinCardinality = z.infer<typeof JoinCardinality>

/** `on` pairs a column (or dimension) of `from` with one of `to`. `role` tells two joins to the same entity apart. */
export const Join = z.object({
  name: Name,
  from: z.string(),
  to: z.string(),
  on: z.array(z.object({ from: z.string().min(1), to: z.string().min(1) })).min(1),
  cardinality: JoinCardinality,
  role: z.string().optional(),
  synonyms: Words,
  /** Some rows of `from` have no match in `to`: a reader is told when a join leaves them out. */
  partial: z.boolean().default(false),
})
export type Join = z.infer<typeof Join>

/** A word with several meanings, and the question that is asked back. `target` is `entity.field` or `entity.measure`. */
export const Ambiguity = z.object({
  term: z.string().min(1),
  synonyms: Words,
  prompt: z.string().min(1),
  choices: z
    .array(
      z.object({
        id: z.string().min(1),
        label: z.string().min(1),
        description: z.string().optional(),
        target: z.string().min(1),
      }),
    )
    .min(2),
})
export type Ambiguity = z.infer<typeof Ambiguity>

/** What the tables mean: the one place where words of people meet columns of a source. */
export const SemanticModel = z.object({
  name: Name,
  title: z.string().min(1),
  description: z.string().optional(),
  zone: z.string().default('UTC'),
  entities: z.array(Entity).min(1),
  joins: z.array(Join).default([]),
  ambiguities: z.array(Ambiguity).default([]),
  verifiedQueries: z.array(z.object({ question: z.string().min(1), sql: z.string().min(1) })).default([]),
  suggestions: z.array(z.string().min(1)).default([]),
})
export type SemanticModel = z.infer<typeof SemanticModel>
