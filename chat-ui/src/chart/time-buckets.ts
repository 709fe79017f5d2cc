import type { Cell, TimeGrain } from '@plumbline/tools/contract'

const DAY_MS = 86_400_000
const MONTHS: Partial<Record<TimeGrain, number>> = { month: 1, quarter: 3, year: 12 }
const FIXED_MS: Partial<Record<TimeGrain, number>> = { hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS }

function next(time: Date, grain: TimeGrain): Date {
  const months = MONTHS[grain]
  if (months !== undefined) {
    return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + months, time.getUTCDate()))
  }
  return new Date(time.getTime() + (FIXED_MS[grain] ?? DAY_MS))
}

/**
 * The times of an axis in order, with the ones in between that have no row: evenly spaced points that skip a month would
 * tell a wrong story. Returns the given times, sorted, when they do not stand on the grain's own steps (a zone with
 * daylight saving moves days off the 24-hour step) or when the filled axis would be longer than `most`.
 */
export function timeBuckets(cells: readonly Cell[], grain: TimeGrain | undefined, most: number): string[] {
  const given = [...new Set(cells.filter((cell): cell is string => typeof cell === 'string'))].sort()
  const [first, last] = [given[0], given.at(-1)]
  if (grain === undefined || first === undefined || last === undefined) return given
  const withTime = first.includes('T')
  const write = (time: Date) => (withTime ? time.toISOString() : time.toISOString().slice(0, 10))
  const [start, end] = [new Date(first), new Date(last)]
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return given
  const byTime = new Map(given.map((text) => [new Date(text).getTime(), text]))
  const filled: string[] = []
  for (let time = start; time <= end; time = next(time, grain)) {
    if (filled.length >= most) return given
    filled.push(byTime.get(time.getTime()) ?? write(time))
    byTime.delete(time.getTime())
  }
  return byTime.size === 0 ? filled : given
}
