import type { Answer, Cell, ChartAxis, ChartSpec, Column, Receipt } from '@plumbline/tools/contract'

/** What a question of the scripted gateway comes back as. */
export type Sample = Partial<Pick<Answer, 'status' | 'text' | 'sql' | 'columns' | 'rows' | 'chart' | 'suggestions'>> &
  Pick<Answer, 'text'> & {
    clarification?: Answer['clarification']
    error?: Answer['error']
    approval?: Answer['approval']
  }

/** Markup that would show itself in the title of the page if it were ever made into elements. */
export const EVIL = '<img src=x onerror="document.title=1"><script>document.title=2</script>'

const airport: Column = { name: 'name', label: 'Destination', type: 'string', role: 'dimension' }
const origin: Column = { name: 'origin', label: 'Origin', type: 'string', role: 'dimension' }
const month: Column = { name: 'month', label: 'Month', type: 'date', role: 'time', grain: 'month' }
const hour: Column = { name: 'hour', label: 'Scheduled hour', type: 'integer', role: 'time' }
const time: Column = {
  name: 'time_hour',
  label: 'Hour',
  type: 'timestamp',
  role: 'time',
  grain: 'hour',
  zone: 'America/New_York',
}
const flights: Column = { name: 'flights', label: 'Number of flights', type: 'integer', role: 'measure' }
const delay: Column = {
  name: 'delay',
  label: 'Average departure delay',
  type: 'number',
  unit: 'minutes',
  role: 'measure',
}
const share: Column = { name: 'share', label: 'Cancelled share', type: 'number', format: 'ratio', role: 'measure' }
const wind: Column = { name: 'wind', label: 'Wind speed', type: 'number', unit: 'mph', role: 'dimension' }

const axis = ({ name, label, unit }: Column): ChartAxis => ({ column: name, label, ...(unit ? { unit } : {}) })
const MONTHS = Array.from({ length: 12 }, (_, i) => `2013-${String(i + 1).padStart(2, '0')}-01`)
const AIRPORTS = [
  'Hartsfield Jackson Atlanta International Airport',
  'Chicago O’Hare International Airport',
  'Los Angeles International Airport',
  'General Edward Lawrence Logan International Airport',
  'Orlando International Airport',
  'Charlotte Douglas International Airport',
  'San Francisco International Airport',
  'Fort Lauderdale Hollywood International Airport',
  'Miami International Airport',
  'Ronald Reagan Washington National Airport',
]
/** Numbers that look like measurements and are the same in every run. */
const wave = (i: number, size: number) =>
  Math.round(size * (1 + 0.6 * Math.sin(i * 1.7) + 0.3 * Math.cos(i * 0.6)) * 100) / 100

const chart = (spec: ChartSpec) => spec
const followUps = ['and for Delta only?', 'the same as a share of all flights', 'only in July']

/** One sample a picture, by its question. */
export const SAMPLES: Record<string, Sample> = {
  'How many flights left JFK in July 2013?': {
    text: '**10,023 flights** left JFK in July 2013.',
    columns: [flights],
    rows: [[10_023]],
    chart: chart({ kind: 'number', title: 'Number of flights', value: axis(flights) }),
    suggestions: followUps,
  },
  'average departure delay by month': {
    text: 'The average departure delay was highest in **July 2013** (21.73 min) and lowest in September 2013.',
    columns: [month, delay],
    rows: MONTHS.map((at, i): Cell[] => [at, wave(i, 12)]),
    chart: chart({ kind: 'line', title: 'Average departure delay by month', x: axis(month), y: [axis(delay)] }),
    suggestions: followUps,
  },
  'average departure delay by month and origin': {
    text: 'Newark had the longest departure delays in ten of the twelve months.',
    columns: [month, origin, delay],
    rows: MONTHS.flatMap((at, i) => ['EWR', 'JFK', 'LGA'].map((name, n): Cell[] => [at, name, wave(i + n, 9 + n * 3)])),
    chart: chart({
      kind: 'line',
      title: 'Average departure delay by month and origin',
      x: axis(month),
      y: [axis(delay)],
      series: 'origin',
    }),
  },
  'share of cancelled flights per origin': {
    text: 'LaGuardia cancelled the largest share of its flights, **3.1%**.',
    columns: [origin, share],
    rows: [
      ['LGA', 0.0312],
      ['EWR', 0.0268],
      ['JFK', 0.0167],
    ],
    chart: chart({
      kind: 'bar',
      title: 'Cancelled share by origin',
      x: axis(origin),
      y: [{ ...axis(share), unit: '%' }],
      horizontal: false,
    }),
  },
  'top destinations by number of flights': {
    text: 'Most flights went to **Hartsfield Jackson Atlanta International Airport**: 17,215.',
    columns: [airport, flights],
    rows: AIRPORTS.map((name, i): Cell[] => [name, 17_215 - i * 840]),
    chart: chart({
      kind: 'bar',
      title: 'Number of flights by destination',
      x: axis(airport),
      y: [axis(flights)],
      horizontal: true,
    }),
  },
  'number of flights by destination': {
    text: 'There were flights to **105 destinations**.',
    columns: [airport, { ...delay }, flights],
    rows: Array.from({ length: 105 }, (_, i): Cell[] => [
      `Airport ${i + 1}`,
      i === 3 ? null : wave(i, 12),
      ((i * 7919) % 9973) + 1,
    ]),
    chart: chart({
      kind: 'bar',
      title: 'Number of flights by destination (first 30 of 105)',
      x: axis(airport),
      y: [axis(flights)],
      horizontal: true,
      limit: 30,
    }),
  },
  'how does wind speed relate to departure delay?': {
    text: 'Departure delay grows with wind speed: the correlation is **0.42** over 40 speeds.',
    columns: [wind, delay],
    rows: Array.from({ length: 40 }, (_, i): Cell[] => [Math.round(i * 1.15 * 100) / 100, wave(i, 6) + i * 0.35]),
    chart: chart({ kind: 'scatter', title: 'Average departure delay by wind speed', x: axis(wind), y: [axis(delay)] }),
  },
  'each departure of a day by wind speed': {
    text: '2,000 departures.',
    columns: [wind, delay],
    rows: Array.from({ length: 2000 }, (_, i): Cell[] => [wave(i, 12), wave(i * 3, 20)]),
    chart: chart({ kind: 'scatter', title: 'Departure delay by wind speed', x: axis(wind), y: [axis(delay)] }),
  },
  'delay of each hour of the year': {
    text: '8,760 hours.',
    columns: [time, delay],
    rows: Array.from({ length: 8760 }, (_, i): Cell[] => [
      new Date(Date.UTC(2013, 0, 1, i)).toISOString(),
      i === 5000 ? 400 : wave(i, 12),
    ]),
    chart: chart({ kind: 'line', title: 'Departure delay by hour', x: axis(time), y: [axis(delay)] }),
  },
  'departure delay by hour and month': {
    text: 'Delays build up over the day, most in **July** between 18 and 21 o’clock.',
    columns: [month, hour, delay],
    rows: MONTHS.flatMap((at, i) =>
      Array.from({ length: 24 }, (_, h): Cell[] => [at, h, h < 5 ? null : wave(i, 8) + h * 0.9]),
    ),
    chart: chart({
      kind: 'heatmap',
      title: 'Average departure delay by month and scheduled hour',
      x: axis(month),
      y: axis(hour),
      value: axis(delay),
    }),
  },
  'average delay by airline': {
    status: 'clarify',
    text: 'Which delay do you mean?',
    sql: null,
    columns: [],
    clarification: {
      prompt: 'Which delay do you mean?',
      choices: [
        { id: 'dep', label: 'Average departure delay', description: 'Minutes after the scheduled departure' },
        { id: 'arr', label: 'Average arrival delay', description: 'Minutes after the scheduled arrival' },
      ],
    },
  },
  'How many passengers flew from JFK?': {
    status: 'refused',
    text: 'The data has no **passengers**: it holds flights, their delays, planes, airports and the weather.',
    sql: null,
    columns: [],
    suggestions: ['How many flights left JFK?', 'How many seats did the planes from JFK have?'],
  },
  'a question that breaks': {
    status: 'failed',
    text: 'The database took longer than 30 s. Ask for a shorter time or fewer groups.',
    sql: "SELECT count(*) FROM flights AS a, flights AS b WHERE a.origin = 'JFK'",
    columns: [],
    error: { code: 'QUERY_TIMEOUT', message: 'The database took longer than 30 s.' },
  },
  'every pair of flights in the air together': {
    status: 'approval',
    text: 'This would read about 3.2 bn rows; your budget is 100 M.',
    sql: null,
    approval: {
      id: 'ap1',
      figure: 'scanRows',
      value: 3_214_000_000,
      limit: 100_000_000,
      rules: ['usual'],
      estimate: { rows: 3_214_000_000, unit: 'rows', source: 'explain', exact: false },
      sql: 'SELECT count(*) AS pairs\nFROM flights AS a, flights AS b\nWHERE a.time_hour = b.time_hour',
      hint: 'Ask for one month, or for one airport, and it reads a twelfth or a third of it.',
      expiresAt: '2026-11-05T09:00:00Z',
    },
  },
  'no rows at all': { text: 'No flight left JFK on 30 February.', columns: [origin, flights], rows: [] },
  'bars with markup': {
    text: `The first is ${EVIL} and [a link](https://example.com) ![x](https://example.com/x.png)`,
    sql: `SELECT '${EVIL}' AS name -- ${EVIL}`,
    columns: [
      { ...airport, label: EVIL, unit: EVIL },
      { ...flights, label: `${EVIL} flights`, unit: EVIL },
    ],
    rows: [
      [EVIL, 5],
      ['&lt;b&gt;', 3],
    ],
    chart: chart({
      kind: 'bar',
      title: EVIL,
      x: { column: 'name', label: EVIL },
      y: [{ column: 'flights', label: `${EVIL} flights`, unit: EVIL }],
      horizontal: true,
    }),
    suggestions: [EVIL],
  },
  'lines with markup': {
    text: EVIL,
    columns: [month, { ...origin, label: EVIL }, { ...delay, label: EVIL }],
    rows: MONTHS.flatMap((at, i) => [EVIL, `b${EVIL}`].map((name, n): Cell[] => [at, name, i + n])),
    chart: chart({
      kind: 'line',
      title: EVIL,
      x: { column: 'month', label: EVIL },
      y: [{ column: 'delay', label: EVIL, unit: EVIL }],
      series: 'origin',
    }),
  },
}

export const SQL = `SELECT
  date_trunc('month', f.time_hour) AS month,
  avg(f.dep_delay) AS delay -- minutes
FROM flights AS f
JOIN airlines AS a ON a.carrier = f.carrier
WHERE a.name = 'United Air Lines Inc.' AND f.dep_delay > -30.5
GROUP BY 1
ORDER BY 1
LIMIT 10000`

export function sampleReceipt(id: string, rowCount: number): Receipt {
  return {
    id,
    source: { name: 'flights', title: 'Flights from New York in 2013', dialect: 'DuckDB' },
    tables: [
      { name: 'flights', columns: ['time_hour', 'carrier', 'dep_delay', 'origin', 'dest'] },
      { name: 'airlines', columns: ['carrier', 'name'] },
    ],
    lineage: [
      { column: 'month', from: [{ table: 'flights', column: 'time_hour' }], exact: true },
      { column: 'delay', from: [{ table: 'flights', column: 'dep_delay' }], exact: true },
    ],
    influences: [
      { table: 'airlines', column: 'carrier' },
      { table: 'airlines', column: 'name' },
      { table: 'flights', column: 'carrier' },
      { table: 'flights', column: 'dep_delay' },
      { table: 'flights', column: 'time_hour' },
    ],
    origin: {
      kind: 'plan',
      reading: 'average departure delay by month where airline is United Air Lines Inc.',
      confidence: 0.93,
      assumptions: ['“delay” is the delay at departure; early departures count as negative.'],
    },
    filters: [
      {
        field: 'airlines.name',
        label: 'Airline',
        operator: 'is',
        values: ['United Air Lines Inc.'],
        asked: 'United',
        matchedBy: 'synonym',
      },
      { field: 'flights.origin', label: 'Origin', operator: 'is', values: ['JFK'], matchedBy: 'follow-up' },
    ],
    policies: ['Only flights from your own airport (own-airport)', 'weather.wind_speed is rounded (round-wind)'],
    rowCount,
    truncated: false,
    freshness: {
      loadedAt: '2026-01-02T08:30:00Z',
      from: '2013-01-01T00:00:00Z',
      to: '2013-12-31T00:00:00Z',
      zone: 'America/New_York',
    },
    steps: [
      { name: 'recall', title: 'Remembering the thread', ms: 1.2, outcome: 'done' },
      {
        name: 'link',
        title: 'Finding the words in the data',
        ms: 4.8,
        outcome: 'done',
        detail: 'United → United Air Lines Inc.',
      },
      { name: 'plan', title: 'Planning the query', ms: 2.1, outcome: 'done' },
      { name: 'check', title: 'Proving that it only reads', ms: 0.6, outcome: 'done' },
      { name: 'run', title: 'Running it on Flights from New York in 2013', ms: 23.4, outcome: 'done' },
      { name: 'explain', title: 'Writing the answer', ms: 0.9, outcome: 'done' },
    ],
    cost: { usd: 0, inputTokens: 0, outputTokens: 0 },
    totalMs: 33,
    createdAt: '2026-01-02T09:00:00Z',
  }
}
