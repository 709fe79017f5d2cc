/** Tables of the corpus for Spark, which speaks this dialect. */
export const TABLES: readonly string[] = [
  `CREATE OR REPLACE TEMP VIEW flights AS SELECT CAST(id AS INT) AS id, date_add(DATE'2013-01-01', CAST(id % 365 AS INT)) AS day,
    timestampadd(MINUTE, CAST(id * 97 AS INT), TIMESTAMP'2013-01-01 05:00:00') AS departed, CAST(id % 60 AS INT) - 15 AS dep_delay,
    CASE WHEN id % 11 <> 0 THEN CAST(id % 47 AS INT) - 20 END AS arr_delay, array('UA', 'AA', 'DL', 'B6')[CAST(id % 4 AS INT)] AS carrier,
    array('JFK', 'LGA', 'EWR')[CAST(id % 3 AS INT)] AS origin, array('LAX', 'ORD', 'ATL', 'BOS', 'SFO')[CAST(id % 5 AS INT)] AS dest,
    200 + id * 13 % 2400 AS distance FROM range(200)`,
  "CREATE OR REPLACE TEMP VIEW airlines AS SELECT * FROM VALUES ('UA', 'United Air Lines'), ('AA', 'American'), ('DL', 'Delta'), ('WN', 'Southwest') AS v(carrier, name)",
  "CREATE OR REPLACE TEMP VIEW staff AS SELECT * FROM VALUES (1, 'Ada', NULL), (2, 'Bo', 1), (3, 'Cy', 1), (4, 'Di', 2) AS v(id, name, boss_id)",
  `CREATE OR REPLACE TEMP VIEW events AS SELECT id, timestampadd(MINUTE, CAST(id * 37 AS INT), TIMESTAMP'2024-02-01 00:00:00') AS at,
    to_json(struct(id * 1.5D AS price, struct('Kyiv' AS city) AS geo)) AS payload, array('x', concat('y', id % 4)) AS tags FROM range(40)`,
  'CREATE OR REPLACE TEMP VIEW events_json AS SELECT id, parse_json(payload) AS payload FROM events',
  `CREATE OR REPLACE TEMP VIEW orders AS SELECT CAST(id AS INT) AS order_id, array(CAST(id AS INT), CAST(id AS INT) + 1) AS items,
    struct(if(id % 2 = 0, 'Kyiv', 'Lima') AS city) AS place, map('k', id) AS attributes FROM range(20)`,
  `CREATE OR REPLACE TEMP VIEW monthly AS SELECT if(id % 2 = 0, 'N', 'S') AS region, array('JAN', 'FEB', 'MAR')[CAST(id % 3 AS INT)] AS month,
    id * 10 AS amount FROM range(18)`,
  "CREATE OR REPLACE TEMP VIEW wide AS SELECT * FROM VALUES ('N', 1, 2, NULL), ('S', 4, 5, 6) AS v(region, jan, feb, mar)",
]
