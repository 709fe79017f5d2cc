import type { TimePart } from '@plumbline/tools/plan'
import {
  addDays,
  addMonths,
  isoDate,
  isRealDate,
  MONTHS,
  monthNumber,
  WEEKDAYS,
  weekdayNumber,
  weekdayOf,
} from './calendar.ts'
import type { Token } from './lexer.ts'
import type { PlanContext } from './plan-context.ts'

/** A time said in the question. Ranges are half open, in the calendar of the data. */
export type TimeMeaning =
  | { kind: 'range'; from?: string; to?: string; label: string; assumption?: string }
  | { kind: 'part'; part: TimePart; values: number[]; label: string }

export interface TimeSpan {
  start: number
  end: number
  meaning: TimeMeaning
  /** Said with a preposition or a year, so hardly anything else can be meant. */
  sure: boolean
}

interface Period {
  end: number
  from: string
  to: string
  label: string
  /** The same month of every year, where the data has several and none was said. */
  part?: { part: TimePart; values: number[] }
  assumption?: string
  sure: boolean
}

const SEASONS: Record<string, { start: number; label: string }> = {
  spring: { start: 3, label: 'spring (March to May)' },
  summer: { start: 6, label: 'summer (June to August)' },
  autumn: { start: 9, label: 'autumn (September to November)' },
  fall: { start: 9, label: 'autumn (September to November)' },
  winter: { start: 12, label: 'winter (December to February)' },
}
const DAY_PARTS: Record<string, { from: number; to: number; label: string }> = {
  morning: { from: 5, to: 11, label: 'in the morning (5 to 12)' },
  mornings: { from: 5, to: 11, label: 'in the morning (5 to 12)' },
  afternoon: { from: 12, to: 16, label: 'in the afternoon (12 to 17)' },
  afternoons: { from: 12, to: 16, label: 'in the afternoon (12 to 17)' },
  evening: { from: 17, to: 21, label: 'in the evening (17 to 22)' },
  evenings: { from: 17, to: 21, label: 'in the evening (17 to 22)' },
}
const ORDINALS = ['first', 'second', 'third', 'fourth']
const PREPOSITIONS = new Set(['in', 'on', 'during', 'for', 'of', 'at', 'within', 'over', 'about'])

function yearOf(token: Token | undefined): number | undefined {
  if (token?.kind !== 'number' || token.ordinal || token.percent || /[,.]/.test(token.text)) return undefined
  const { value = 0 } = token
  return Number.isInteger(value) && value >= 1900 && value <= 2100 && token.text.trim().length === 4 ? value : undefined
}

/** The years the data covers, if it is known. */
function coveredYears(context: PlanContext): number[] {
  const { from, to } = context.dataRange ?? {}
  if (!from || !to) return []
  const [first, last] = [Number(from.slice(0, 4)), Number(addDays(to, 0).slice(0, 4))]
  return Array.from({ length: Math.min(last - first + 1, 200) }, (_, at) => first + at)
}

/** Where "last month" is counted from: the end of the data, or now. */
function anchor(context: PlanContext): string {
  return (context.dataRange?.to ?? context.now.toISOString()).slice(0, 10)
}

class Reader {
  private readonly tokens: readonly Token[]
  private readonly context: PlanContext

  constructor(tokens: readonly Token[], context: PlanContext) {
    this.tokens = tokens
    this.context = context
  }

  private lower(at: number): string {
    return this.tokens[at]?.lower ?? ''
  }

  /** The year said at or after `at` ("of 2013", ", 2013"), or the only one the data has. */
  private year(at: number): { year: number; end: number; said: boolean } | undefined {
    const skip = this.lower(at) === 'of' || this.lower(at) === 'in' ? 1 : 0
    const said = yearOf(this.tokens[at + skip])
    if (said !== undefined) return { year: said, end: at + skip + 1, said: true }
    if (this.lower(at + skip) === 'the' && this.lower(at + skip + 1) === 'year') {
      const only = coveredYears(this.context)
      if (only.length === 1 && only[0] !== undefined) return { year: only[0], end: at + skip + 2, said: true }
    }
    const years = coveredYears(this.context)
    return years.length === 1 && years[0] !== undefined ? { year: years[0], end: at, said: false } : undefined
  }

  private months(start: number, count: number, at: number, label: string, sure: boolean): Period | undefined {
    const found = this.year(at)
    if (!found) {
      const values = Array.from({ length: count }, (_, n) => ((start - 1 + n) % 12) + 1)
      return { end: at, from: '', to: '', label, part: { part: 'month', values }, sure }
    }
    const from = isoDate(found.year, start)
    // Winter of one year of data is its January, February and December: the same months, not a run of them.
    if (start + count > 13) {
      const values = Array.from({ length: count }, (_, n) => ((start - 1 + n) % 12) + 1)
      return { end: found.end, from: '', to: '', label: `in ${label}`, part: { part: 'month', values }, sure }
    }
    return {
      end: found.end,
      from,
      to: addMonths(from, count),
      label: `${label} ${found.year}`,
      sure: sure || found.said,
      ...(found.said
        ? {}
        : {
            assumption: `${label.replace(/ \(.*/, '')} is read as ${label.replace(/ \(.*/, '')} ${found.year}, the only year in the data.`,
          }),
    }
  }

  private dayOf(month: number, day: number, at: number): Period | undefined {
    const found = this.year(at)
    if (!found || !isRealDate(found.year, month, day)) return undefined
    const from = isoDate(found.year, month, day)
    return {
      end: found.end,
      from,
      to: addDays(from, 1),
      label: `${day} ${MONTHS[month - 1]} ${found.year}`,
      sure: true,
    }
  }

  /** A stretch of the calendar that begins at `at`, without its preposition. */
  period(at: number): Period | undefined {
    const token = this.tokens[at]
    if (!token) return undefined
    if (token.kind === 'date') {
      const [year = 0, month = 0, day = 0] = token.text.split('-').map(Number)
      if (!isRealDate(year, month, day)) return undefined
      return { end: at + 1, from: token.text, to: addDays(token.text, 1), label: token.text, sure: true }
    }
    const the = token.lower === 'the' ? 1 : 0
    if (the) return this.period(at + 1)
    const month = token.kind === 'word' ? monthNumber(token.lower) : undefined
    if (month !== undefined) {
      const next = this.tokens[at + 1]
      const day = next?.kind === 'number' && yearOf(next) === undefined ? next.value : undefined
      if (day !== undefined && day >= 1 && day <= 31 && Number.isInteger(day) && !next?.percent) {
        const exact = this.dayOf(month, day, at + 2)
        if (exact) return exact
      }
      const sure = token.lower !== 'may' && token.lower !== 'march' && token.lower !== 'mar'
      return this.months(month, 1, at + 1, MONTHS[month - 1] ?? '', sure || token.capital)
    }
    if (token.kind === 'number' && token.value !== undefined) {
      const of = this.lower(at + 1) === 'of' ? 2 : 1
      const named = monthNumber(this.lower(at + of))
      if (named !== undefined && token.value >= 1 && token.value <= 31)
        return this.dayOf(named, token.value, at + of + 1)
      const year = yearOf(token)
      if (year !== undefined) {
        return { end: at + 1, from: isoDate(year, 1), to: isoDate(year + 1, 1), label: String(year), sure: false }
      }
      return undefined
    }
    const quarter = /^q([1-4])$/.exec(token.lower)
    if (quarter) return this.months(Number(quarter[1]) * 3 - 2, 3, at + 1, `Q${quarter[1]}`, true)
    const ordinal = ORDINALS.indexOf(token.lower)
    const nth = ordinal >= 0 ? ordinal + 1 : undefined
    if (nth !== undefined && this.lower(at + 1) === 'quarter')
      return this.months(nth * 3 - 2, 3, at + 2, `Q${nth}`, true)
    if (nth !== undefined && nth <= 2 && this.lower(at + 1) === 'half') {
      return this.months(nth * 6 - 5, 6, at + 2, `the ${token.lower} half of`, true)
    }
    const season = SEASONS[token.lower]
    if (season && token.kind === 'word')
      return this.months(season.start, 3, at + 1, season.label, token.lower !== 'fall')
    return this.relative(at)
  }

  private relative(at: number): Period | undefined {
    const word = this.lower(at)
    const today = anchor(this.context)
    const ofData = this.context.dataRange?.to !== undefined
    const made = (end: number, from: string, to: string, label: string): Period => ({
      end,
      from,
      to,
      label,
      sure: true,
      ...(ofData ? { assumption: `“${label}” is counted from the end of the data, ${today}.` } : {}),
    })
    if (word === 'today') return made(at + 1, today, addDays(today, 1), 'today')
    if (word === 'yesterday') return made(at + 1, addDays(today, -1), today, 'yesterday')
    if (!['last', 'past', 'previous', 'this', 'current'].includes(word)) return undefined
    const here = word === 'this' || word === 'current'
    const counted = this.tokens[at + 1]
    const count = counted?.kind === 'number' && !here ? (counted.value ?? 1) : undefined
    if (count !== undefined && (!Number.isInteger(count) || count < 1 || count > 3650)) return undefined
    const unitAt = count === undefined ? at + 1 : at + 2
    const unit = this.lower(unitAt).replace(/s$/, '')
    const label = `${word}${count === undefined ? '' : ` ${count}`} ${this.lower(unitAt)}`
    const end = unitAt + 1
    const tomorrow = addDays(today, 1)
    if (count !== undefined) {
      if (unit === 'day') return made(end, addDays(tomorrow, -count), tomorrow, label)
      if (unit === 'week') return made(end, addDays(tomorrow, -7 * count), tomorrow, label)
      if (unit === 'month') return made(end, addMonths(today, 1 - count), addMonths(today, 1), label)
      if (unit === 'year')
        return made(
          end,
          addMonths(`${today.slice(0, 4)}-01`, -12 * (count - 1)),
          addMonths(`${today.slice(0, 4)}-01`, 12),
          label,
        )
      return undefined
    }
    // With data that ended in the past, its last month is the month it ends in.
    const back = here || ofData ? 0 : 1
    if (unit === 'month') return made(end, addMonths(today, -back), addMonths(today, 1 - back), label)
    if (unit === 'year') {
      const first = `${today.slice(0, 4)}-01`
      return made(end, addMonths(first, -12 * back), addMonths(first, 12 - 12 * back), label)
    }
    if (unit === 'week') {
      const monday = addDays(today, 1 - weekdayOf(today) - 7 * back)
      return made(end, monday, addDays(monday, 7), label)
    }
    return undefined
  }

  private clock(at: number): { hour: number; end: number } | undefined {
    const token = this.tokens[at]
    if (token?.kind === 'clock' && token.value !== undefined && token.value < 25)
      return { hour: token.value, end: at + 1 }
    if (token?.lower === 'noon') return { hour: 12, end: at + 1 }
    if (token?.lower === 'midnight') return { hour: 0, end: at + 1 }
    return undefined
  }

  private part(start: number, end: number, part: TimePart, values: number[], label: string): TimeSpan {
    return { start, end, sure: true, meaning: { kind: 'part', part, values, label } }
  }

  private hours(start: number, end: number, from: number, to: number, label: string): TimeSpan | undefined {
    const values = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => hour >= from && hour < to)
    return values.length > 0 ? this.part(start, end, 'hour', values, label) : undefined
  }

  /** A recurring part of the day or week at `at`. */
  private recurring(start: number, at: number): TimeSpan | undefined {
    const word = this.lower(at)
    const skip = word === 'the' ? 1 : 0
    const name = this.lower(at + skip)
    const dayPart = DAY_PARTS[name]
    if (dayPart) return this.hours(start, at + skip + 1, dayPart.from, dayPart.to + 1, dayPart.label)
    if (['night', 'nights', 'overnight'].includes(name)) {
      return this.part(start, at + skip + 1, 'hour', [22, 23, 0, 1, 2, 3, 4], 'at night (22 to 5)')
    }
    if (name === 'weekend' || name === 'weekends')
      return this.part(start, at + skip + 1, 'weekday', [6, 7], 'on weekends')
    if (name === 'weekdays' || name === 'workdays')
      return this.part(start, at + skip + 1, 'weekday', [1, 2, 3, 4, 5], 'on weekdays')
    const weekday = weekdayNumber(name)
    if (weekday === undefined) return undefined
    const values = [weekday]
    let end = at + skip + 1
    while (['and', 'or'].includes(this.lower(end)) && weekdayNumber(this.lower(end + 1)) !== undefined) {
      values.push(weekdayNumber(this.lower(end + 1)) ?? weekday)
      end += 2
    }
    return this.part(start, end, 'weekday', values, `on ${values.map((n) => `${WEEKDAYS[n - 1]}s`).join(' and ')}`)
  }

  private range(start: number, end: number, period: Omit<Partial<Period>, 'part'>, sure = true): TimeSpan {
    const { from, to, label = '', assumption } = period
    const meaning: TimeMeaning = {
      kind: 'range',
      label,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(assumption === undefined ? {} : { assumption }),
    }
    return { start, end, sure, meaning }
  }

  private between(start: number): TimeSpan | undefined {
    const word = this.lower(start)
    if (word !== 'between' && word !== 'from') return undefined
    const joins = word === 'between' ? ['and'] : ['to', 'until', 'till', 'through']
    const clock = this.clock(start + 1)
    if (clock && joins.includes(this.lower(clock.end))) {
      const until = this.clock(clock.end + 1)
      if (until)
        return this.hours(start, until.end, clock.hour, until.hour, `between ${clock.hour}:00 and ${until.hour}:00`)
    }
    const first = this.period(start + 1)
    if (!first || !joins.includes(this.lower(first.end))) return undefined
    const second = this.period(first.end + 1)
    if (!second) return undefined
    let from = first.from
    // "between March and May 2014": the year stands at the end and means both.
    if (first.assumption !== undefined && second.assumption === undefined && second.to) {
      from = `${second.from.slice(0, 4)}${first.from.slice(4)}`
    }
    if (first.part && second.part) {
      const [a = 1, b = 1] = [first.part.values[0], second.part.values[0]]
      const values = Array.from({ length: ((b - a + 12) % 12) + 1 }, (_, n) => ((a - 1 + n) % 12) + 1)
      return this.part(start, second.end, 'month', values, `from ${first.label} to ${second.label}`)
    }
    if (first.part && second.to) {
      from = isoDate(Number(second.from.slice(0, 4)), first.part.values[0] ?? 1)
    }
    if (from === '' || second.to === '') return undefined
    const span = { from, to: second.to, label: `from ${first.label} to ${second.label}` }
    const { assumption } = second
    return this.range(start, second.end, assumption === undefined ? span : { ...span, assumption })
  }

  private bounded(start: number): TimeSpan | undefined {
    const word = this.lower(start)
    const after = ['after', 'since', 'from', 'later'].includes(word)
    const before = ['before', 'until', 'till', 'by'].includes(word)
    if (!after && !before) return undefined
    const clock = this.clock(start + 1)
    if (clock) {
      const label = `${word} ${clock.hour}:00`
      return after
        ? this.hours(start, clock.end, clock.hour, 24, label)
        : this.hours(start, clock.end, 0, clock.hour, label)
    }
    if (word === 'by') return undefined
    const period = this.period(start + 1)
    if (!period || period.from === '') return undefined
    const label = `${word} ${period.label}`
    const { assumption } = period
    const note = assumption === undefined ? {} : { assumption }
    if (word === 'after') return this.range(start, period.end, { from: period.to, label, ...note })
    if (after) return this.range(start, period.end, { from: period.from, label, ...note }, word === 'since')
    return this.range(start, period.end, { to: word === 'before' ? period.from : period.to, label, ...note })
  }

  /** The time expression at `start`, its preposition included. */
  at(start: number): TimeSpan | undefined {
    const ranged = this.between(start) ?? this.bounded(start)
    if (ranged) return ranged
    const skip = PREPOSITIONS.has(this.lower(start)) ? 1 : 0
    const recurring = this.recurring(start, start + skip)
    if (recurring) return recurring
    const clock = skip ? this.clock(start + skip) : undefined
    if (clock && this.lower(start) === 'at') {
      return this.part(
        start,
        clock.end,
        'hour',
        [Math.floor(clock.hour)],
        `in the hour of ${Math.floor(clock.hour)}:00`,
      )
    }
    const dayPart = this.period(start + skip)
    if (!dayPart) return undefined
    const label = `in ${dayPart.label.replace(/^in /, '')}`
    if (dayPart.part) {
      const span = this.part(start, dayPart.end, dayPart.part.part, dayPart.part.values, label)
      return { ...span, sure: skip === 1 || dayPart.sure }
    }
    const oneDay = dayPart.to === addDays(dayPart.from, 1)
    return this.range(
      start,
      dayPart.end,
      { ...dayPart, label: oneDay ? `on ${dayPart.label}` : label },
      skip === 1 || dayPart.sure,
    )
  }
}

/** All time expressions of the question, left to right, none overlapping. A bare number is a year only where one is due. */
export function timeExpressions(tokens: readonly Token[], context: PlanContext): TimeSpan[] {
  const reader = new Reader(tokens, context)
  const spans: TimeSpan[] = []
  let at = 0
  while (at < tokens.length) {
    const span = reader.at(at)
    const token = tokens[at]
    const lonelyYear = span?.meaning.kind === 'range' && token?.kind === 'number' && span.end === at + 1
    const before = tokens[at - 1]?.lower ?? ''
    if (
      span &&
      !(lonelyYear && ['than', 'top', 'least', 'most', 'over', 'under', 'above', 'below'].includes(before)) &&
      (span.sure || lonelyYear)
    ) {
      spans.push(span)
      at = span.end
    } else {
      at += 1
    }
  }
  return spans
}
