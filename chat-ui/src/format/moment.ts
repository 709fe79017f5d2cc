const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const minute = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})

/** The day of an ISO date or moment, in UTC. Text that is no time comes back unchanged. */
export function formatDay(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : day.format(time)
}

/** A moment with its zone stated. */
export function formatMoment(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : `${minute.format(time)} UTC`
}

const second = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
})

/** A moment to the second in UTC, for a column whose header states the zone. */
export function formatSecond(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : second.format(time)
}
