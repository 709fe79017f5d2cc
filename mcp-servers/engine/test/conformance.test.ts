import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { ServerDefinition } from '@plumbline/mcp-kit'
import { conformance } from '@plumbline/mcp-kit/conformance'
import { engineServer } from '../src/index.ts'

const ODD = `50% o'clock <img src=x>`
let folder: string

conformance(engineServer as unknown as ServerDefinition, {
  async setUp() {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-engine-'))
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `COPY (SELECT i AS id, CASE WHEN i = 7 THEN '${ODD.replace("'", "''")}' ELSE 'name ' || (i % 20) END AS label, i * 1.5 AS amount
       FROM range(500) AS t(i)) TO '${join(folder, 'things.parquet')}' (FORMAT parquet)`,
    )
    connection.closeSync()
    instance.closeSync()
    return { dataDir: folder, threads: 2, memoryLimit: '512MB' }
  },
  tearDown: () => rm(folder, { recursive: true, force: true }),
  table: { name: 'things', textColumn: 'label', oddValue: ODD, rows: 500 },
  types: {
    sql: `SELECT 1 AS a, 9007199254740993 AS b, 170141183460469231731687303715884105727 AS c, 1.25::DECIMAL(10,2) AS d,
            12345678901234567.123::DECIMAL(38,3) AS e, 0.5::DOUBLE AS f, 'nan'::DOUBLE AS g, 'inf'::FLOAT AS h, true AS i, 'ü' AS j, NULL AS k,
            DATE '2013-07-01' AS l, TIMESTAMP '2013-07-01 10:00:00' AS m, TIMESTAMPTZ '2013-07-01 10:00:00.123456+02' AS n, [1, 2] AS o,
            INTERVAL '1' DAY AS p, '47183823-2574-4bfd-b411-99ed177d3e43'::UUID AS q, TIME '10:00:00' AS r,
            {'a': 1} AS s, 'a'::BLOB AS t, (SELECT sum(id) FROM things) AS u, 1.5::DECIMAL(38,10) AS v`,
    expected: [
      ['integer', 1],
      ['integer', '9007199254740993'],
      ['integer', '170141183460469231731687303715884105727'],
      ['number', 1.25],
      ['number', '12345678901234567.123'],
      ['number', 0.5],
      ['number', null],
      ['number', null],
      ['boolean', true],
      ['string', 'ü'],
      ['integer', null],
      ['date', '2013-07-01'],
      ['timestamp', '2013-07-01T10:00:00Z'],
      ['timestamp', '2013-07-01T08:00:00.123456Z'],
      ['json', '[1,2]'],
      ['string', '1 day'],
      ['string', '47183823-2574-4bfd-b411-99ed177d3e43'],
      ['string', '10:00:00'],
      ['json', '{"a":1}'],
      ['string', 'a'],
      ['integer', 124_750],
      ['number', 1.5],
    ],
  },
  slowSql:
    'SELECT count(*) AS n FROM things a, things b, things c, things d WHERE a.amount + b.amount + c.amount > d.amount + 1',
  hostile: [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "COPY things TO '/tmp/plumbline-should-not-exist.csv'",
    "ATTACH '/tmp/x.db'",
    'INSTALL httpfs',
    'PRAGMA database_list',
    "SET memory_limit = '1GB'",
    "SELECT getenv('HOME')",
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM information_schema.tables',
  ],
})
