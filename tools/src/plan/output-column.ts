import type { Column } from '../contract/column.ts'
import { dimensionLabel, fieldLabel, measureLabel } from './labels.ts'
import type { ModelIndex } from './model-index.ts'
import type { FieldRef, PlanDimension, PlanMeasure } from './query-plan.ts'

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Leaves keys out whose value is undefined: the contract's optional fields are absent, never undefined. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T
}

type Draft = { [K in keyof Column]: Column[K] | undefined } & Pick<Column, 'name' | 'label' | 'type'>

const column = (draft: Draft): Column => present(draft) as Column

export function dimensionColumn(name: string, dimension: PlanDimension, index: ModelIndex): Column {
  const field = index.dimension(dimension.field)
  const label = capital(dimensionLabel(dimension, index))
  if (dimension.part === 'weekday') return column({ name, label, type: 'string', role: 'dimension' })
  if (dimension.part !== undefined) {
    const format = dimension.part === 'year' ? ('year' as const) : ('plain' as const)
    return column({ name, label, type: 'integer', role: 'dimension', format })
  }
  if (field.kind === 'time') {
    const grain = dimension.grain ?? field.grain
    const type = grain === 'hour' ? 'timestamp' : field.type === 'string' ? 'string' : 'date'
    return column({ name, label, type, role: 'time', grain, zone: field.zone ?? index.model.zone })
  }
  const role = field.kind === 'key' ? 'key' : 'dimension'
  return column({ name, label, type: field.type, role, unit: field.unit, format: field.format })
}

/** A field that is listed row by row. */
export function fieldColumn(name: string, ref: FieldRef, index: ModelIndex): Column {
  const field = index.dimension(ref)
  const roles = {
    numeric: 'measure',
    time: 'time',
    key: 'key',
    categorical: 'dimension',
    boolean: 'dimension',
  } as const
  return column({
    name,
    label: capital(fieldLabel(ref, index)),
    type: field.type,
    role: roles[field.kind],
    unit: field.unit,
    format: field.format,
    grain: field.kind === 'time' ? field.grain : undefined,
    zone: field.kind === 'time' ? (field.zone ?? index.model.zone) : undefined,
  })
}

/** What a measure is shown in: unit, number format and type. */
function measureShape(measure: PlanMeasure, index: ModelIndex): Pick<Draft, 'type' | 'unit' | 'format'> {
  switch (measure.kind) {
    case 'count':
      return { type: 'integer', unit: undefined, format: 'integer' }
    case 'share':
    case 'share-of-total':
      return { type: 'number', unit: undefined, format: 'ratio' }
    case 'correlation':
      return { type: 'number', unit: undefined, format: 'plain' }
    case 'difference':
      return { ...measureShape(measure.left, index), type: 'number' }
    case 'nested': {
      const inner = measureShape(measure.of, index)
      return { type: 'number', unit: inner.unit, format: inner.format === 'integer' ? 'plain' : inner.format }
    }
    case 'measure': {
      const named = index.measure(measure.entity, measure.name)
      const counts = named.aggregate === 'count' || named.aggregate === 'count_distinct'
      const format = named.format ?? (counts ? 'integer' : named.aggregate === 'ratio' ? 'ratio' : undefined)
      return { type: counts ? 'integer' : 'number', unit: named.unit, format }
    }
    case 'aggregate': {
      if (measure.fn === 'count_distinct') return { type: 'integer', unit: undefined, format: 'integer' }
      const field = index.dimension(measure.field)
      const keeps = measure.fn === 'min' || measure.fn === 'max' || (measure.fn === 'sum' && field.type === 'integer')
      return { type: keeps ? field.type : 'number', unit: field.unit, format: keeps ? field.format : undefined }
    }
  }
}

export function measureColumn(name: string, measure: PlanMeasure, index: ModelIndex): Column {
  return column({
    name,
    label: capital(measureLabel(measure, index)),
    role: 'measure',
    ...measureShape(measure, index),
  })
}
