import type { ModelIndex } from './model-index.ts'
import type { FieldRef, PlanAggregate, PlanDimension, PlanMeasure } from './query-plan.ts'

const AGGREGATE_WORDS: Record<PlanAggregate, string> = {
  avg: 'average',
  sum: 'total',
  min: 'lowest',
  max: 'highest',
  median: 'median',
  count_distinct: 'number of different',
}

/** The name of a field for people; the role tells two joins to one entity apart. */
export function fieldLabel(ref: FieldRef, index: ModelIndex): string {
  const entity = index.entity(ref.entity)
  const dimension = index.dimension(ref)
  const join = index.model.joins.find((candidate) => candidate.name === ref.via || candidate.role === ref.via)
  const role = ref.via !== undefined && join?.role !== undefined ? `${join.role} ` : ''
  const own = singular(entity.title).toLowerCase()
  const words = dimension.label.toLowerCase()
  if (
    entity.labelDimension === dimension.name &&
    [own, `${own} name`, 'name', 'full name', 'title', 'label'].includes(words)
  ) {
    return `${role}${own}`.toLowerCase()
  }
  return `${role}${dimension.label}`
}

/** "airlines" → "airline"; only for labels, so a rough rule is enough. */
export function singular(title: string): string {
  return title
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^s])s$/, '$1')
}

export function dimensionLabel(dimension: PlanDimension, index: ModelIndex): string {
  if (dimension.label !== undefined) return dimension.label
  if (dimension.part === 'weekday') return 'day of the week'
  if (dimension.part === 'hour') return 'hour of the day'
  if (dimension.part !== undefined) return `${dimension.part}${dimension.part === 'day' ? ' of the month' : ''}`
  if (dimension.grain !== undefined) return dimension.grain
  return fieldLabel(dimension.field, index)
}

export function measureLabel(measure: PlanMeasure, index: ModelIndex): string {
  if (measure.label !== undefined) return measure.label
  switch (measure.kind) {
    case 'measure':
      return index.measure(measure.entity, measure.name).label
    case 'count':
      return `number of ${index.entity(measure.entity).title.toLowerCase()}`
    case 'aggregate':
      return `${AGGREGATE_WORDS[measure.fn]} ${fieldLabel(measure.field, index)}`
    case 'share':
      return `share of ${index.entity(measure.entity).title.toLowerCase()}`
    case 'share-of-total':
      return `share of the total ${measureLabel(measure.of, index)}`
    case 'difference':
      return `difference in ${measureLabel(measure.left, index)}`
    case 'correlation':
      return `correlation of ${fieldLabel(measure.x, index)} and ${fieldLabel(measure.y, index)}`
    case 'nested': {
      const per = measure.per.map((dimension) => dimensionLabel(dimension, index)).join(' and ')
      return `${AGGREGATE_WORDS[measure.fn]} ${measureLabel(measure.of, index)} per ${per}`
    }
  }
}

/** A label as a column name that needs no quoting. */
export function columnName(label: string, taken: ReadonlySet<string>): string {
  const plain =
    label
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .replace(/^(?=\d)/, '_')
      .slice(0, 60) || 'value'
  let name = plain
  for (let n = 2; taken.has(name); n++) name = `${plain}_${n}`
  return name
}
