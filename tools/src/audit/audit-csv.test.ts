import { describe, expect, it } from 'vitest'
import { AUDIT_CSV_HEADER, auditCsvLine } from './audit-csv.ts'
import { aLog, aQuery } from './testing/entries.ts'

const cellsOf = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
    ([, text, bare]) => text?.replaceAll('""', '"') ?? bare,
  )
const exported = (changes: Parameters<typeof aQuery>[0]) => {
  const [entry] = aLog([aQuery(changes)])
  if (!entry) throw new Error('no entry')
  const cells = cellsOf(auditCsvLine(entry))
  return Object.fromEntries(AUDIT_CSV_HEADER.split(',').map((name, index) => [name, cells[index]]))
}

describe('the audit log as CSV', () => {
  it('has a column for every field [audit.export]', () => {
    expect(
      exported({ error: { code: 'QUERY_FAILED', message: 'a "bad", thing' }, details: { version: 7 } }),
    ).toMatchObject({
      seq: '1',
      at: '2026-11-24T09:00:00.000Z',
      principal_id: 'ana',
      roles: 'analyst',
      tables: 'flights(origin, carrier)',
      estimated_rows: '336776',
      estimated_bytes: '',
      error_message: 'a "bad", thing',
      details: '{"version":7}',
    })
  })

  it('gives a spreadsheet no formula to run [audit.export]', () => {
    for (const formula of [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\n=1',
      '＝1+1',
      '=HYPERLINK("http://evil.example")',
    ]) {
      expect(exported({ question: formula }).question).toBe(`'${formula}`)
      expect(exported({ principal: { id: formula, name: formula, roles: [formula] } })).toMatchObject({
        principal_id: `'${formula}`,
        roles: `'${formula}`,
      })
    }
    expect(auditCsvLine(aLog([aQuery({ question: 'a;=1+1' })])[0] as never)).toContain('"a;=1+1"')
  })
})
