import { TimeGrain } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type LeafCondition, QueryPlan } from '@plumbline/tools/plan'
import { z } from 'zod'

/*
 * The plan as a model writes it: flat, because no vendor takes a recursive schema for structured output, and with every
 * field required, because strict modes want that. What it can not say goes into SQL.
 */
const Ref = z.string().describe('entity.name')
const Value = z.union([z.string(), z.number(), z.boolean()])

const SketchMeasure = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('measure'), ref: Ref }),
  z.object({ kind: z.literal('count'), entity: z.string() }),
  z.object({
    kind: z.literal('aggregate'),
    fn: z.enum(['avg', 'sum', 'min', 'max', 'median', 'count_distinct']),
    ref: Ref,
  }),
])

const SketchFilter = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('compare'), ref: Ref, op: z.enum(['=', '<>', '<', '<=', '>', '>=']), value: Value }),
  z.object({ kind: z.literal('in'), ref: Ref, values: z.array(Value).min(1), negated: z.boolean() }),
  z.object({ kind: z.literal('contains'), ref: Ref, text: z.string(), negated: z.boolean() }),
  z.object({ kind: z.literal('null'), ref: Ref, negated: z.boolean() }),
  z.object({ kind: z.literal('segment'), ref: Ref, negated: z.boolean() }),
  z.object({
    kind: z.literal('time'),
    ref: Ref,
    from: z.string().nullable().describe('ISO date, included'),
    to: z.string().nullable().describe('ISO date, excluded'),
  }),
])

export const PlanSketch = z.object({
  base: z.string(),
  measures: z.array(SketchMeasure),
  dimensions: z.array(z.object({ ref: Ref, grain: TimeGrain.nullable() })),
  columns: z.array(Ref),
  filters: z.array(SketchFilter),
  having: z.array(
    z.object({ measure: z.number().int(), op: z.enum(['=', '<>', '<', '<=', '>', '>=']), value: z.number() }),
  ),
  sort: z.array(
    z.object({ by: z.enum(['measure', 'dimension']), index: z.number().int(), direction: z.enum(['asc', 'desc']) }),
  ),
  limit: z.number().int().nullable(),
})
export type PlanSketch = z.infer<typeof PlanSketch>

/**
 * The sketch as a query plan. Whether its names exist is for the compiler to say.
 * @throws AppError MODEL_OUTPUT_INVALID when it points at a part it does not have.
 */
export function toQueryPlan(sketch: PlanSketch): QueryPlan {
  const measures = sketch.measures.map((measure) => {
    if (measure.kind === 'count') return { kind: 'count' as const, entity: measure.entity }
    const { entity, field } = splitRef(measure.ref)
    if (measure.kind === 'measure') return { kind: 'measure' as const, entity, name: field }
    return { kind: 'aggregate' as const, fn: measure.fn, field: { entity, field } }
  })
  const result = QueryPlan.safeParse({
    base: sketch.base,
    measures,
    dimensions: sketch.dimensions.map(({ ref, grain }) => ({ field: splitRef(ref), ...(grain ? { grain } : {}) })),
    columns: sketch.columns.map(splitRef),
    filters: sketch.filters.map(toCondition),
    having: sketch.having.map(({ measure, op, value }) => ({ measure: at(measures, measure), op, value })),
    sort: sketch.sort.map(({ by, index, direction }) => {
      at<unknown>(by === 'measure' ? measures : sketch.dimensions, index)
      return { by: by === 'measure' ? { measure: index } : { dimension: index }, direction }
    }),
    ...(sketch.limit === null ? {} : { limit: sketch.limit }),
  })
  if (!result.success) throw invalid(z.prettifyError(result.error), result.error)
  return result.data
}

function toCondition(filter: PlanSketch['filters'][number]): LeafCondition {
  const { entity, field } = splitRef(filter.ref)
  const common = { field: { entity, field }, matchedBy: 'model' as const }
  switch (filter.kind) {
    case 'compare':
      return { kind: 'compare', ...common, op: filter.op, value: filter.value }
    case 'in':
      return { kind: 'in', ...common, values: filter.values, negated: filter.negated }
    case 'contains':
      return { kind: 'like', ...common, mode: 'contains', text: filter.text, negated: filter.negated }
    case 'null':
      return { kind: 'null', ...common, negated: filter.negated }
    case 'segment':
      return { kind: 'segment', entity, name: field, negated: filter.negated, matchedBy: 'model' }
    case 'time': {
      const { from, to } = filter
      const label = [from && `from ${from}`, to && `before ${to}`].filter(Boolean).join(' ')
      return { kind: 'time', ...common, label, ...(from ? { from } : {}), ...(to ? { to } : {}) }
    }
  }
}

function splitRef(ref: string): { entity: string; field: string } {
  const dot = ref.indexOf('.')
  if (dot <= 0 || dot === ref.length - 1) throw invalid(`\`${ref.slice(0, 100)}\` is not entity.name`)
  return { entity: ref.slice(0, dot), field: ref.slice(dot + 1) }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw invalid(`there is no number ${index} to sort or filter by`)
  return item
}

function invalid(fault: string, cause?: unknown): AppError {
  return new AppError('MODEL_OUTPUT_INVALID', `The model wrote a plan that can not be used: ${fault}.`, { cause })
}
