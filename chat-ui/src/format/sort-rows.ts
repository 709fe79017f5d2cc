import type { Cell } from '@plumbline/tools/contract'

export interface SortOrder {
  readonly index: number
  readonly descending: boolean
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function compare(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a), String(b))
}

/** Sorted by one column; equal rows keep their order, and rows without a value stand last either way. */
export function sortRows<Row extends readonly Cell[]>(rows: readonly Row[], order: SortOrder | null): readonly Row[] {
  if (!order) return rows
  const { index, descending } = order
  return rows.toSorted((left, right) => {
    const [a, b] = [left[index] ?? null, right[index] ?? null]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return descending ? compare(b, a) : compare(a, b)
  })
}
