import { conditionText } from './condition-text.ts'
import { dimensionLabel, fieldLabel, measureLabel } from './labels.ts'
import type { ModelIndex } from './model-index.ts'
import type { Condition, PlanMeasure, QueryPlan } from './query-plan.ts'

const OPERATORS: Record<string, string> = {
  '>': 'more than',
  '>=': 'at least',
  '<': 'less than',
  '<=': 'at most',
  '=': 'exactly',
  '<>': 'not',
}

/** "a", "a and b", "a, b and c". */
function words(parts: string[]): string {
  return parts.length <= 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

function measureText(measure: PlanMeasure, index: ModelIndex): string {
  const label = measureLabel(measure, index)
  const conditions = measure.kind === 'share' ? measure.of : (measure.where ?? [])
  if (conditions.length === 0 || measure.label !== undefined) return label
  const segments = conditions.every((condition) => condition.kind === 'segment')
  return `${label} ${segments ? 'that are' : 'where'} ${words(conditions.map((condition) => conditionText(condition, index)))}`
}

function filterText(filters: readonly Condition[], index: ModelIndex): string {
  const timed = (condition: Condition) => condition.kind === 'time' || condition.kind === 'part'
  const related = filters
    .filter((condition) => condition.kind === 'related')
    .map((condition) => ` ${conditionText(condition, index)}`)
  const rest = filters.filter((condition) => !timed(condition) && condition.kind !== 'related')
  const where = rest.map((condition) => conditionText(condition, index))
  const when = filters.filter(timed).map((condition) => conditionText(condition, index))
  return `${related.join(' and')}${where.length > 0 ? ` where ${words(where)}` : ''}${when.length > 0 ? `, ${words(when)}` : ''}`
}

function orderText(plan: QueryPlan, index: ModelIndex): string {
  const [sort] = plan.sort
  const per = plan.perGroup ? ` for each ${words(plan.perGroup.by.map((ref) => fieldLabel(ref, index)))}` : ''
  const n = plan.perGroup?.n ?? plan.limit
  if (!sort) return n === undefined ? '' : `, the first ${n}${per}`
  const { by, direction } = sort
  const measure = 'measure' in by ? plan.measures[by.measure] : undefined
  const dimension = 'dimension' in by ? plan.dimensions[by.dimension] : undefined
  const label = measure
    ? measureLabel(measure, index)
    : dimension
      ? dimensionLabel(dimension, index)
      : 'field' in by
        ? fieldLabel(by.field, index)
        : ''
  const end = direction === 'desc' ? 'highest' : 'lowest'
  if (n === undefined) return `, ordered by ${label}, ${end} first`
  return `, the ${n === 1 ? 'one' : n} with the ${end} ${label}${per}`
}

/** How the question was read, in one sentence a person can check: "number of flights where origin is JFK, in July 2013". */
export function reading(plan: QueryPlan, index: ModelIndex): string {
  const subject =
    plan.measures.length > 0
      ? words(plan.measures.map((measure) => measureText(measure, index)))
      : `${plan.distinct ? 'different ' : ''}${words(plan.columns.map((ref) => fieldLabel(ref, index)))} of ${index.entity(plan.base).title.toLowerCase()}`
  const groups = plan.dimensions.map((dimension) => dimensionLabel(dimension, index))
  const by = groups.length > 0 ? ` by ${words(groups)}` : ''
  const having = plan.having.map((part) => {
    return `, only where ${measureLabel(part.measure, index)} is ${OPERATORS[part.op]} ${part.value.toLocaleString('en-US')}`
  })
  return `${subject}${by}${filterText(plan.filters, index)}${having.join('')}${orderText(plan, index)}`
}
