import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { databricksEstimate } from './databricks.ts'
import { duckdbEstimate } from './duckdb.ts'
import { postgresqlEstimate } from './postgresql.ts'
import { snowflakeEstimate } from './snowflake.ts'

const context = {
  rowsOf: () => null,
  bytesOf: () => 8,
  columnsOf: () => [],
  functions: [],
  resultRows: Number.POSITIVE_INFINITY,
}

/** Plans as DuckDB could write them, of any shape. */
const { node } = fc.letrec((tie) => ({
  node: fc.record({
    name: fc.constantFrom(
      'SEQ_SCAN',
      'CROSS_PRODUCT',
      'HASH_JOIN',
      'PROJECTION',
      'LIMIT',
      'FILTER',
      'CTE',
      'UNNEST',
      '?',
    ),
    children: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('node'), { maxLength: 3 })),
    extra_info: fc.dictionary(
      fc.constantFrom('Estimated Cardinality', 'Table', 'Filters', 'Conditions', 'Projections'),
      fc.oneof(fc.nat().map(String), fc.string(), fc.array(fc.string(), { maxLength: 2 })),
    ),
  }),
}))

const PARSERS: [string, (text: string) => ReturnType<typeof snowflakeEstimate>][] = [
  ['DuckDB', (text) => duckdbEstimate(text, context)],
  ['PostgreSQL', postgresqlEstimate],
  ['Snowflake', snowflakeEstimate],
  ['Databricks', databricksEstimate],
]

describe.each(PARSERS)('a plan of %s that is not one', (_, parse) => {
  it('is no estimate, and never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parse(text).source).toBe('none')
      }),
    )
    expect(parse('['.repeat(100_000)).source).toBe('none')
    expect(parse(`${'[{"name":"x","extra_info":{},"children":'.repeat(20_000)}`).source).toBe('none')
  })
})

describe('a plan of DuckDB', () => {
  it('has no figure that is not a number, however it is nested', () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 2 }), (plan) => {
        const { source, rows = 0, bytes = 0 } = duckdbEstimate(JSON.stringify(plan), context)
        expect(source === 'none' || (rows >= 0 && bytes >= 0)).toBe(true)
      }),
    )
  })

  it('that is nested deeper than a stack is no estimate, and never an error', () => {
    const open = '{"name":"PROJECTION","extra_info":{},"children":['
    const deep = `[${open.repeat(20_000)}${']}'.repeat(20_000)}]`
    expect(duckdbEstimate(deep, context).source).toBe('none')
  })
})
