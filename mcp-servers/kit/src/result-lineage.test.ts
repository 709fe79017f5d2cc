import { createGate } from '@plumbline/tools/sql'
import { describe, expect, it } from 'vitest'
import { resultLineage } from './result-lineage.ts'

const gate = createGate({
  dialect: 'duckdb',
  tables: [
    {
      name: 'flights',
      columns: [
        { name: 'carrier', type: 'string' },
        { name: 'delay', type: 'integer', mask: { kind: 'null' } },
        { name: 'origin', type: 'string' },
        { name: 'secret', type: 'string', denied: true },
      ],
      filters: [{ id: 'only-jfk', sql: "origin = 'JFK'" }],
    },
    { schema: 'sales', name: 'airlines', columns: [{ name: 'carrier', type: 'string' }] },
  ],
})

describe('the lineage of a result', () => {
  it('is of the query as asked, under the names that the system gave the columns [lineage.columns]', () => {
    const query = gate.check('SELECT max(delay), carrier FROM flights GROUP BY 2', 10)
    expect(query.sql).not.toBe(query.asked)
    expect(resultLineage(query, [{ name: 'max("delay")' }, { name: 'carrier' }])).toEqual({
      lineage: [
        { column: 'max("delay")', from: [{ table: 'flights', column: 'delay' }], exact: true },
        { column: 'carrier', from: [{ table: 'flights', column: 'carrier' }], exact: true },
      ],
      influences: [{ table: 'flights', column: 'carrier' }],
      // Exactly what is used: not what the row filter reads.
      tables: [{ name: 'flights', columns: ['carrier', 'delay'] }],
    })
  })

  it('lists a column under the table that has it, and only what the person may know [lineage.columns]', () => {
    const { sql: _, ...joined } = gate.check(
      'SELECT f.* FROM flights f JOIN sales.airlines a ON a.carrier = f.carrier',
      10,
    )
    const names = ['carrier', 'delay', 'origin']
    const { tables, lineage } = resultLineage(
      joined,
      names.map((name) => ({ name })),
    )
    expect(lineage.map(({ column }) => column)).toEqual(names)
    expect(tables).toEqual([
      { name: 'flights', columns: names },
      { name: 'sales.airlines', columns: ['carrier'] },
    ])
    expect(joined.tables.map(({ columns }) => columns)).toEqual([names, ['carrier']])
    expect(JSON.stringify(joined.lineage)).not.toContain('secret')
  })
})
