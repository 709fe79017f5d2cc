import type { FieldRef, PlanMeasure, QueryPlan } from '@plumbline/tools/plan'
import type { Filters } from './build-filters.ts'
import type { Mention } from './draft.ts'
import { isNumeric } from './mention.ts'
import { betterOf, defaultMeasure, measureOf } from './plan-measure.ts'
import { type PlanParts, pushDimension } from './plan-parts.ts'
import { askedColumns, displayColumns } from './row-columns.ts'
import { sameField } from './value-index.ts'

const DEFAULT_TOP = 10

/** The ranking part of a question; gives a whole plan when single rows are ranked. */
export function applyRanking(parts: PlanParts, filters: Filters): QueryPlan | undefined {
  const { draft, bench } = parts
  const { superlative } = draft
  if (!superlative) return undefined
  const asked = draft.asked.find(
    (mention) => mention.kind !== 'segment' && mention !== superlative.target && !isNumeric(mention),
  )
  const ranked = superlative.group ?? asked
  const several = ranked?.plural === true && draft.asked.includes(ranked) && superlative.wants !== 'adjective'
  parts.limit = superlative.n ?? (superlative.wants === 'group' || several ? DEFAULT_TOP : 1)
  const rows = ranked?.kind === 'entity' ? ranked.entity : undefined

  if (superlative.wants === 'recent') return recentRows(parts, filters, ranked)

  if (superlative.wants === 'adjective') {
    const degree =
      superlative.degrees.find((one) => one.ref.entity === rows) ??
      superlative.degrees.find((one) => one.ref.entity === bench.base) ??
      superlative.degrees[0]
    if (!degree) return undefined
    superlative.direction = degree.direction
    if (ranked === undefined || rows === degree.ref.entity)
      return eachGroup(parts, rankedRows(parts, degree.ref.entity, degree.ref, filters))
    pushDimension(parts.dimensions, bench.asDimension(ranked))
    sortBy(parts, defaultMeasure(degree.ref, bench))
    return undefined
  }

  const target = superlative.target
  if (!target) {
    // "… by product, top 5"
    const [shown] = parts.measures
    if (!ranked && shown && parts.dimensions.length > 0) {
      sortBy(parts, shown)
      return undefined
    }
    if (!ranked) {
      draft.unknown.push('most')
      return undefined
    }
    if (parts.measures.length > 0) {
      pushDimension(parts.dimensions, bench.asDimension(ranked))
      const [measure] = parts.measures
      if (measure) sortBy(parts, measure)
      return undefined
    }
    const settled = bench.settle(ranked)
    const owner =
      settled.kind === 'entity'
        ? counterOf(parts, settled.entity)
        : settled.kind === 'dimension'
          ? counterOf(parts, settled.ref.entity, true)
          : bench.base
    bench.base = owner
    pushDimension(parts.dimensions, bench.asDimension(settled))
    sortBy(parts, { kind: 'count', entity: owner })
    return undefined
  }
  const settled = bench.settle(target)
  const numericField = settled.kind === 'dimension' && settled.dimension.kind === 'numeric'
  if (numericField && superlative.aggregate === undefined && !superlative.counted) {
    const own = rows === settled.ref.entity && parts.dimensions.length === 0
    if (own) return rankedRows(parts, settled.ref.entity, settled.ref, filters)
    // Without a thing that is ranked it is the extreme itself, of each group if there are any.
    if (!ranked) {
      const fn = directionOf(parts, { kind: 'aggregate', fn: 'avg', field: settled.ref }) === 'desc' ? 'max' : 'min'
      parts.measures.push({ kind: 'aggregate', fn, field: settled.ref })
      parts.limit = undefined
      return undefined
    }
  }
  const measure = measureOf(settled, bench, superlative.aggregate, superlative.counted ?? settled.kind === 'entity')
  const isMeasure = parts.dimensions.length > 0 && !ranked
  if (ranked) pushDimension(parts.dimensions, bench.asDimension(ranked))
  else if (!isMeasure) {
    draft.unknown.push(target.text)
    return undefined
  }
  if (superlative.perGroup && ranked && parts.dimensions.length > 1) {
    const group = parts.dimensions.filter((one) => one !== parts.dimensions.at(-1))
    parts.perGroup = { n: parts.limit ?? 1, by: group.map((one) => one.field) }
    parts.limit = undefined
  }
  sortBy(parts, measure)
  return undefined
}

function directionOf(parts: PlanParts, measure: PlanMeasure | undefined): 'asc' | 'desc' {
  const said = parts.draft.superlative?.direction
  if (said === 'asc' || said === 'desc') return said
  const better = measure ? betterOf(measure, parts.bench) : undefined
  const low = better === 'low'
  if (better === undefined)
    parts.bench.assumptions.add(`“${said}” is read as the ${said === 'best' ? 'highest' : 'lowest'}.`)
  return (said === 'best') === low ? 'asc' : 'desc'
}

function sortBy(parts: PlanParts, measure: PlanMeasure): void {
  const at = parts.measures.findIndex((known) => JSON.stringify(known) === JSON.stringify(measure))
  if (at < 0) parts.measures.push(measure)
  parts.sort.push({ by: { measure: at < 0 ? parts.measures.length - 1 : at }, direction: directionOf(parts, measure) })
}

/** Whose rows count as "how busy": those that point at the entity, or its own. */
function counterOf(parts: PlanParts, entity: string, own = false): string {
  const { bench } = parts
  if (own) return entity
  const pointing = bench.model.joins.filter((join) => join.to === entity && join.cardinality === 'many-to-one')
  const counter = pointing.find((join) => join.from === bench.factEntity())?.from ?? pointing[0]?.from ?? entity
  if (counter !== entity) bench.assumptions.add(`Ranked by the number of ${bench.title(counter)}.`)
  return counter
}

function rankedRows(parts: PlanParts, entity: string, by: FieldRef, filters: Filters): QueryPlan {
  const { draft, bench } = parts
  const direction = directionOf(parts, { kind: 'aggregate', fn: 'avg', field: by })
  const asked = askedColumns(entity, draft, bench)
  const columns = [...(asked.length > 0 ? asked : displayColumns(entity, bench))]
  if (!columns.some((column) => sameField(column, by)) && asked.length === 0) columns.push(by)
  const plan = parts.base(filters)
  return {
    ...plan,
    base: entity,
    measures: [],
    dimensions: [],
    columns,
    sort: [{ by: { field: by }, direction }],
    limit: parts.limit,
    distinct: draft.distinct,
  }
}

function recentRows(parts: PlanParts, filters: Filters, ranked: Mention | undefined): QueryPlan | undefined {
  const { draft, bench } = parts
  const field = bench.timeField()
  const settled = ranked ? bench.settle(ranked) : undefined
  if (!field || settled?.kind !== 'entity') {
    draft.unknown.push(draft.superlative?.direction === 'desc' ? 'latest' : 'first')
    return undefined
  }
  return eachGroup(parts, rankedRows(parts, settled.entity, field, filters))
}

/** Ranked rows for each group, where the question groups: "the cheapest product of each category". */
function eachGroup(parts: PlanParts, plan: QueryPlan): QueryPlan {
  const { draft } = parts
  const groups = parts.dimensions.map((dimension) => dimension.field)
  if (groups.length === 0) return plan
  const { limit, ...rest } = plan
  return {
    ...rest,
    columns: [...groups, ...plan.columns],
    perGroup: { n: draft.superlative?.n ?? limit ?? 1, by: groups },
  }
}
