const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `(${row(i)})`).join(', ')
const of = (i: number, ...names: string[]) => `'${names[i % names.length]}'`
const time = (start: string, minutes: number) =>
  `'${new Date(Date.parse(start) + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ')}'`

/** Tables of the corpus for Snowflake. */
export const TABLES: readonly string[] = [
  'CREATE TABLE flights (id INT, day DATE, departed TIMESTAMP, dep_delay INT, arr_delay INT, carrier VARCHAR, origin VARCHAR, dest VARCHAR, distance INT)',
  `INSERT INTO flights VALUES ${rows(120, (i) =>
    [
      i,
      `${time('2013-01-01T00:00:00Z', i * 1440).slice(0, 11)}'`,
      time('2013-01-01T05:00:00Z', i * 97),
      (i % 60) - 15,
      i % 11 ? (i % 47) - 20 : 'NULL',
      of(i, 'UA', 'AA', 'DL', 'B6'),
      of(i, 'JFK', 'LGA', 'EWR'),
      of(i, 'LAX', 'ORD', 'ATL', 'BOS', 'SFO'),
      200 + ((i * 13) % 2400),
    ].join(', '),
  )}`,
  'CREATE TABLE airlines (carrier VARCHAR, name VARCHAR)',
  "INSERT INTO airlines VALUES ('UA', 'United Air Lines'), ('AA', 'American'), ('DL', 'Delta'), ('WN', 'Southwest')",
  'CREATE TABLE airlines_ids (id INT)',
  'INSERT INTO airlines_ids VALUES (1), (2)',
  'CREATE TABLE staff (id INT, name VARCHAR, boss_id INT, salary INT)',
  "INSERT INTO staff VALUES (1, 'Ada', NULL, 900), (2, 'Bo', 1, 700), (3, 'Cy', 1, 650), (4, 'Di', 2, 400)",
  'CREATE TABLE events (id INT, payload VARIANT)',
  ...Array.from(
    { length: 6 },
    (_, i) =>
      `INSERT INTO events SELECT ${i}, PARSE_JSON('{"price": ${i * 1.5}, "tags": ["a", "b${i % 2}"], "geo": {"city": "Kyiv"}}')`,
  ),
  'CREATE TABLE monthly (region VARCHAR, month VARCHAR, amount INT)',
  `INSERT INTO monthly VALUES ${rows(18, (i) => [of(i, 'N', 'S'), of(i, 'JAN', 'FEB', 'MAR'), i * 10].join(', '))}`,
  'CREATE TABLE wide (region VARCHAR, jan INT, feb INT, mar INT)',
  "INSERT INTO wide VALUES ('N', 1, 2, NULL), ('S', 4, 5, 6)",
  'CREATE TABLE trades (ts TIMESTAMP, symbol VARCHAR, price INT)',
  `INSERT INTO trades VALUES ${rows(30, (i) => [time('2024-01-01T09:30:00Z', i * 7), of(i, 'AAA', 'BBB'), 100 + (i % 9)].join(', '))}`,
  'CREATE TABLE quotes (ts TIMESTAMP, symbol VARCHAR, bid INT)',
  `INSERT INTO quotes VALUES ${rows(30, (i) => [time('2024-01-01T09:33:00Z', i * 11), of(i, 'AAA', 'BBB'), 99 + (i % 5)].join(', '))}`,
  'CREATE TABLE lists (id INT, numbers ARRAY)',
  'INSERT INTO lists SELECT 1, ARRAY_CONSTRUCT(1, 2, 3)',
]
