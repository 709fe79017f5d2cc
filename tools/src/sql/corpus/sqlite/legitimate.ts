/** Tables of the suite, small and the same in each run. */
export const TABLES = `
CREATE TABLE flights AS WITH RECURSIVE t(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM t WHERE i < 199)
SELECT i AS id, date('2013-01-01', '+' || (i % 365) || ' days') AS day, i % 60 - 15 AS dep_delay, CASE WHEN i % 11 <> 0 THEN i % 47 - 20 END AS arr_delay,
  substr('UAAADLB6', i % 4 * 2 + 1, 2) AS carrier, substr('JFKLGAEWR', i % 3 * 3 + 1, 3) AS origin, substr('LAXORDATLBOSSFO', i % 5 * 3 + 1, 3) AS dest, 200 + i * 13 % 2400 AS distance FROM t;
CREATE TABLE airlines (carrier TEXT, name TEXT);
INSERT INTO airlines VALUES ('UA', 'United Air Lines'), ('AA', 'American'), ('DL', 'Delta'), ('WN', 'Southwest');
CREATE TABLE events AS SELECT id, json_object('price', id * 1.5, 'tags', json_array('a', id % 2)) AS payload FROM flights WHERE id < 40;
`

/** What analysts write, in the dialect of SQLite. */
export const LEGITIMATE: readonly string[] = [
  'SELECT * FROM flights ORDER BY id',
  'SELECT carrier, count(*) AS n, round(avg(dep_delay), 2) FROM flights GROUP BY carrier ORDER BY n DESC, carrier',
  "SELECT strftime('%Y-%m', day) AS month, count(*) FROM flights GROUP BY month ORDER BY month",
  "SELECT date(max(day), '-7 days'), julianday(max(day)) - julianday(min(day)) FROM flights",
  'SELECT carrier, id, row_number() OVER (PARTITION BY carrier ORDER BY dep_delay DESC, id) AS r FROM flights ORDER BY carrier, r',
  'SELECT id, sum(distance) OVER (ORDER BY id ROWS BETWEEN 6 PRECEDING AND CURRENT ROW), lag(id) OVER w FROM flights WINDOW w AS (ORDER BY id) ORDER BY id',
  'SELECT count(*) FILTER (WHERE dep_delay > 15), total(distance) FROM flights',
  "SELECT payload ->> '$.price', json_extract(payload, '$.tags[0]') FROM events ORDER BY id",
  "SELECT e.id, j.value FROM events e, json_each(e.payload, '$.tags') j ORDER BY e.id, j.key",
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT sum(i) FROM n',
  'WITH late AS MATERIALIZED (SELECT * FROM flights WHERE dep_delay > 30) SELECT carrier, count(*) FROM late GROUP BY carrier ORDER BY 1',
  'SELECT a.name, count(f.id) FROM airlines a LEFT JOIN flights f USING (carrier) GROUP BY a.name ORDER BY a.name',
  "SELECT name FROM airlines WHERE name LIKE '%a%' OR name GLOB 'S*' ORDER BY name",
  "SELECT CASE WHEN dep_delay > 30 THEN 'late' ELSE 'ok' END AS how, iif(max(arr_delay) > 0, 1, 0), ifnull(max(arr_delay), 0) FROM flights GROUP BY how ORDER BY how",
  "SELECT group_concat(carrier, ', '), printf('%05d', 42), substr('abc', 2), instr('abc', 'c'), upper('a') || 'b' FROM airlines",
  'SELECT carrier FROM flights EXCEPT SELECT carrier FROM airlines',
  'SELECT id FROM flights ORDER BY arr_delay DESC NULLS LAST, id LIMIT 10 OFFSET 5',
  "SELECT * FROM (VALUES (1, 'a'), (2, 'b'))",
  'SELECT name FROM airlines a WHERE NOT EXISTS (SELECT 1 FROM flights f WHERE f.carrier = a.carrier)',
  "SELECT (origin, dest) IN (VALUES ('JFK', 'LAX')) FROM flights ORDER BY id",
]
