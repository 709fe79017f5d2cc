import type { Cell, ReceiptFilter } from '@plumbline/tools/contract'
import { formatDay, formatMoment } from './moment.ts'

export interface TextPart {
  readonly text: string
  readonly strong: boolean
}

const MOST_VALUES = 8
const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6, useGrouping: 'min2' })

function valueText(value: Cell): string {
  if (value === null) return 'no value'
  if (typeof value === 'number') return number.format(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDay(value)
  return /^\d{4}-\d{2}-\d{2}T/.test(value) ? formatMoment(value) : value
}

/**
 * A filter as a sentence with its values told apart: "origin is **JFK**". An operator with gaps takes its values there:
 * `from … until before` → "date from **1 Jul 2013** until before **1 Aug 2013**".
 */
export function filterText({
  label,
  operator,
  values,
}: Pick<ReceiptFilter, 'label' | 'operator' | 'values'>): TextPart[] {
  const words = operator.split('…').map((part) => part.trim())
  if (words.length === values.length && words.length > 1) {
    return words.flatMap((word, i) => [
      { text: `${i === 0 ? `${label} ` : ' '}${word} `, strong: false },
      { text: valueText(values[i] ?? null), strong: true },
    ])
  }
  const shown = values.slice(0, MOST_VALUES).map(valueText).join(', ')
  const more = values.length - MOST_VALUES
  return [
    { text: `${label} ${operator} `, strong: false },
    { text: more > 0 ? `${shown} and ${more} more` : shown, strong: true },
  ]
}
