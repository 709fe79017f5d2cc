import type { Cell, Column } from '../contract/index.ts'

/** The columns of a result by what they can do in a chart. Columns without a role are judged by their type. */
export interface ResultShape {
  readonly times: Column[]
  readonly categories: Column[]
  /** Numbers that group rows (a binned wind speed, an hour of the day), as against numbers that were measured. */
  readonly scales: Column[]
  readonly measures: Column[]
}

const isNumeric = (column: Column) => column.type === 'integer' || column.type === 'number'
const isMoment = (column: Column) => column.type === 'date' || column.type === 'timestamp'

export function resultShape(columns: readonly Column[]): ResultShape {
  const shape: ResultShape = { times: [], categories: [], scales: [], measures: [] }
  for (const column of columns) {
    if (column.type === 'json') continue
    if (column.role === 'measure') shape.measures.push(column)
    else if (column.role === 'time' || isMoment(column)) shape.times.push(column)
    else if (isNumeric(column) && column.role === 'dimension') shape.scales.push(column)
    else if (isNumeric(column) && column.role !== 'key') shape.measures.push(column)
    else shape.categories.push(column)
  }
  return shape
}

export function distinctCount(rows: readonly Cell[][], index: number): number {
  return new Set(rows.map((row) => row[index])).size
}
