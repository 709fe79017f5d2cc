import { describe, expect, it } from 'vitest'
import { checkBudget } from '../check-budget.ts'
import { databricksEstimate } from './databricks.ts'
import { snowflakeEstimate } from './snowflake.ts'

// The texts below are samples in the form that the vendors' manuals show ("EXPLAIN", Snowflake; "EXPLAIN COST", Spark SQL), not
// recordings of a running system. Each connector's tests hold the parser against what its system says.

const SNOWFLAKE = JSON.stringify({
  GlobalStats: { partitionsTotal: 812, partitionsAssigned: 406, bytesAssigned: 6_442_450_944 },
  Operations: [
    [
      { id: 0, operation: 'Result', expressions: ['COUNT(*)'] },
      { id: 1, parentOperators: [0], operation: 'Aggregate', expressions: ['aggExprs: [COUNT(*)]'] },
      { id: 2, parentOperators: [1], operation: 'CartesianJoin' },
      { id: 3, parentOperators: [2], operation: 'Filter', expressions: ["F.FL_DATE >= '2013-01-01'"] },
      {
        id: 4,
        parentOperators: [3],
        operation: 'TableScan',
        objects: ['AIR.PUBLIC.FLIGHTS'],
        expressions: ['FL_DATE'],
        alias: 'F',
        partitionsTotal: 800,
        partitionsAssigned: 400,
        bytesAssigned: 6_442_000_000,
      },
      {
        id: 5,
        parentOperators: [2],
        operation: 'TableScan',
        objects: ['AIR.PUBLIC.PLANES'],
        partitionsTotal: 12,
        partitionsAssigned: 6,
        bytesAssigned: 450_944,
      },
    ],
  ],
})

const DATABRICKS = `== Optimized Logical Plan ==
Aggregate [carrier#10], [carrier#10, count(1) AS n#40L], Statistics(sizeInBytes=1.1 KiB, rowCount=16)
+- Project [carrier#10], Statistics(sizeInBytes=5.1 MiB, rowCount=3.37E+5)
   +- Join Inner, (carrier#10 = carrier#30), Statistics(sizeInBytes=31.2 MiB, rowCount=3.37E+5)
      :- Filter (isnotnull(fl_date#5) AND (fl_date#5 >= 2013-01-01)), Statistics(sizeInBytes=23.1 MiB, rowCount=3.37E+5)
      :  +- Relation spark_catalog.air.flights[fl_date#5,carrier#10] parquet, Statistics(sizeInBytes=23.1 MiB, rowCount=3.37E+5)
      +- Relation spark_catalog.air.airlines[carrier#30,name#31] parquet, Statistics(sizeInBytes=2.0 KiB, rowCount=16)

== Physical Plan ==
AdaptiveSparkPlan isFinalPlan=false
+- HashAggregate(keys=[carrier#10], functions=[count(1)])
`
const CROSS = `== Optimized Logical Plan ==
Aggregate [count(1) AS n#40L], Statistics(sizeInBytes=16.0 B)
+- Join Inner, Statistics(sizeInBytes=533.6 TiB)
   :- Project, Statistics(sizeInBytes=2.6 MiB)
   :  +- Relation spark_catalog.air.flights[fl_date#5] parquet, Statistics(sizeInBytes=23.1 MiB)
   +- Project, Statistics(sizeInBytes=2.6 MiB)
      +- Relation spark_catalog.air.flights[fl_date#55] parquet, Statistics(sizeInBytes=23.1 MiB)

== Physical Plan ==
`
const BLIND = `== Optimized Logical Plan ==
Relation spark_catalog.air.raw[line#5] json, Statistics(sizeInBytes=8.0 EiB)

== Physical Plan ==
`

const budget = (figures: { scanRows?: number; scanBytes?: number }) => ({
  ...figures,
  over: 'refuse' as const,
  rules: ['scan'],
})

describe('the estimate of Snowflake', () => {
  it('is the bytes of the partitions that are left [budget.estimate]', () => {
    const estimate = snowflakeEstimate(SNOWFLAKE)
    expect(estimate).toMatchObject({ bytes: 6_442_450_944, unit: 'bytes', source: 'bytes' })
    expect(estimate.shape).toMatchObject({ crossJoin: true, filters: ["F.FL_DATE >= '2013-01-01'"] })
    expect(checkBudget(estimate, budget({ scanBytes: 5e9 }))).toMatchObject({
      ok: false,
      message: expect.stringContaining('about 6.4 GB; your budget is 5 GB (rule scan)'),
    })
  })

  it('has no rows, so a budget of rows fails closed [budget.refusal]', () => {
    expect(checkBudget(snowflakeEstimate(SNOWFLAKE), budget({ scanRows: 1e12 }))).toMatchObject({
      ok: false,
      value: null,
    })
    expect(snowflakeEstimate('{"GlobalStats": {}}')).toMatchObject({ source: 'none' })
  })
})

describe('the estimate of Databricks', () => {
  it('is the size of the relations or of the largest join [budget.estimate]', () => {
    expect(databricksEstimate(DATABRICKS)).toMatchObject({ rows: 337_016, bytes: 31.2 * 2 ** 20 })
    expect(databricksEstimate(CROSS)).toMatchObject({ bytes: 533.6 * 2 ** 40, shape: { crossJoin: true } })
    expect(databricksEstimate(CROSS).rows).toBeUndefined()
    expect(databricksEstimate(DATABRICKS).shape).toMatchObject({
      crossJoin: false,
      scans: [{ table: 'air.flights' }, { table: 'air.airlines' }],
    })
  })

  it('is none where a table has no statistics, and says what to do [budget.refusal]', () => {
    expect(databricksEstimate(BLIND)).toMatchObject({
      source: 'none',
      reason: expect.stringContaining('air.raw: run ANALYZE TABLE'),
    })
    expect(databricksEstimate('')).toMatchObject({ source: 'none' })
  })
})
