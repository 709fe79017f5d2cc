import type { Cell, Column, TimeGrain } from './column.ts'

const LOCALE = 'en-US'
const plain = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 })
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const ratio = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 })
const small = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 })

function formatNumber(value: number, column: Column): string {
  if (column.format === 'year') return String(value)
  if (column.format === 'ratio') return ratio.format(value)
  if (column.format === 'integer' || column.type === 'integer') return whole.format(value)
  return value !== 0 && Math.abs(value) < 0.01 ? small.format(value) : plain.format(value)
}

const DATE_PARTS: Record<TimeGrain, Intl.DateTimeFormatOptions> = {
  hour: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  week: { day: 'numeric', month: 'short', year: 'numeric' },
  month: { month: 'short', year: 'numeric' },
  quarter: {},
  year: { year: 'numeric' },
}

/** Making a format costs fifty times what using it does, and a result has thousands of times. */
const dateFormats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(grain: TimeGrain, timeZone: string): Intl.DateTimeFormat {
  const key = `${grain} ${timeZone}`
  const known = dateFormats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', { ...DATE_PARTS[grain], timeZone })
  dateFormats.set(key, made)
  return made
}

function formatTime(value: string, column: Column): string {
  const time = new Date(value)
  if (Number.isNaN(time.getTime())) return value
  // A date has no zone: shown in UTC, it keeps its day. A moment is shown in the column's stated zone.
  const timeZone = column.type === 'date' ? 'UTC' : (column.zone ?? 'UTC')
  const grain = column.grain ?? (column.type === 'date' ? 'day' : 'hour')
  if (grain === 'quarter') return `Q${Math.floor(time.getUTCMonth() / 3) + 1} ${time.getUTCFullYear()}`
  // The one month that en-GB shortens to four letters.
  const text = dateFormat(grain, timeZone).format(time).replace('Sept', 'Sep')
  return grain === 'week' ? `week of ${text}` : text
}

/** Units that stand after the number with a space; `count`-like units are told by the column's label instead. */
const UNIT_TEXT: Record<string, string> = { minutes: 'min', hours: 'h', seconds: 's', miles: 'mi', percent: '%' }

/** The short form of a unit for people: `minutes` → `min`. */
export function unitText(unit: string | undefined): string | undefined {
  return unit === undefined ? undefined : (UNIT_TEXT[unit] ?? unit)
}

/**
 * A value for people: `1,234`, `12.3 %` for ratios, `Jul 2013` by grain, `–` for null.
 * @param withUnit adds the unit ("12.6 min"); tables carry it in the header instead.
 */
export function formatCell(cell: Cell, column: Column, withUnit = false): string {
  if (cell === null) return '–'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  let text: string
  if (typeof cell === 'number') text = formatNumber(cell, column)
  else if (column.type === 'date' || column.type === 'timestamp') text = formatTime(cell, column)
  else text = cell
  const unit = withUnit && typeof cell === 'number' && column.format !== 'ratio' ? unitText(column.unit) : undefined
  return unit ? `${text} ${unit}` : text
}
