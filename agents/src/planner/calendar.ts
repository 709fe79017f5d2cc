const DAY_MS = 86_400_000

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const pad = (n: number) => String(n).padStart(2, '0')

export function isoDate(year: number, month: number, day = 1): string {
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`
}

/** A calendar date moved by days; calendar arithmetic only, no zone. */
export function addDays(iso: string, days: number): string {
  return new Date(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The first of the month `months` later. */
export function addMonths(iso: string, months: number): string {
  const at = Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1 + months
  return isoDate(Math.floor(at / 12), (at % 12) + 1)
}

export function isRealDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Monday is 1. */
export function weekdayOf(iso: string): number {
  return ((new Date(`${iso.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
}

export function monthNumber(word: string): number | undefined {
  const lower = word.toLowerCase()
  const at = MONTHS.findIndex((name) => {
    const full = name.toLowerCase()
    return full === lower || full.slice(0, 3) === lower || (lower === 'sept' && full === 'september')
  })
  return at < 0 ? undefined : at + 1
}

export function weekdayNumber(word: string): number | undefined {
  const at = WEEKDAYS.findIndex((name) => [name.toLowerCase(), `${name.toLowerCase()}s`].includes(word.toLowerCase()))
  return at < 0 ? undefined : at + 1
}
