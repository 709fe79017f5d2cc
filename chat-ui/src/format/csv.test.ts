import type { Cell, Column } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCsv, toTsv } from './csv.ts'

const text = (name: string): Column => ({ name, label: `Label of ${name}`, type: 'string' })

/** A reader of RFC 4180 written for this test from its grammar, not from the writer. */
function readCsv(csv: string): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < csv.length) {
    const record: string[] = []
    for (;;) {
      let field = ''
      if (csv[at] === '"') {
        for (at++; !(csv[at] === '"' && csv[at + 1] !== '"'); at++) {
          if (at >= csv.length) throw new Error('a quote is never closed')
          if (csv[at] === '"') at++
          field += csv[at]
        }
        at++
      } else {
        while (at < csv.length && csv[at] !== ',' && !csv.startsWith('\r\n', at)) field += csv[at++]
      }
      record.push(field)
      if (csv[at] !== ',') break
      at++
    }
    if (!csv.startsWith('\r\n', at)) throw new Error(`no line end at ${at}`)
    at += 2
    records.push(record)
  }
  return records
}

const formula = /^[=+\-@\t\r]/
const number = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i
const written = (cell: Cell) =>
  cell === null ? '' : typeof cell === 'string' && formula.test(cell) && !number.test(cell) ? `'${cell}` : String(cell)

describe('toCsv', () => {
  it('writes the names and the values of the data, not how the page formats them', () => {
    const columns: Column[] = [
      text('carrier'),
      { name: 'share', label: 'Share', type: 'number', format: 'ratio' },
      { name: 'month', label: 'Month', type: 'date', grain: 'month' },
    ]
    expect(toCsv(columns, [['UA', 0.12345, '2013-07-01']])).toBe('carrier,share,month\r\nUA,0.12345,2013-07-01\r\n')
  })

  it('leaves null empty, and quotes what needs it', () => {
    expect(
      toCsv(
        [text('a'), text('b')],
        [
          [null, 'x "y", z'],
          [true, 'two\nlines'],
        ],
      ),
    ).toBe('a,b\r\n,"x ""y"", z"\r\ntrue,"two\nlines"\r\n')
  })

  it('keeps a spreadsheet from running a text as a formula, and leaves negative numbers alone', () => {
    const csv = toCsv([text('=name')], [['=HYPERLINK("http://x")'], ['@x'], ['-1+2'], [-5]])
    expect(readCsv(csv)).toEqual([["'=name"], [`'=HYPERLINK("http://x")`], ["'@x"], ["'-1+2"], ['-5']])
  })

  it('is read back as the same values, whatever they hold [page.table]', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', ',', '\r\n', '\n', '""', '=1'),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
    )
    fc.assert(
      fc.property(
        fc
          .integer({ min: 2, max: 4 })
          .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 })),
        (rows) => {
          const columns = Array.from({ length: rows[0]?.length ?? 2 }, (_, i) => text(`c${i}`))
          const [header, ...read] = readCsv(toCsv(columns, rows))
          expect(header).toEqual(columns.map((column) => column.name))
          expect(read).toEqual(rows.map((row) => row.map(written)))
        },
      ),
    )
  })
})

describe('toTsv', () => {
  it('keeps one cell a value, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.constantFrom('a\tb', 'a\nb', 'a\r\nb', 'a')), { maxLength: 6 }),
        (rows) => {
          const lines = toTsv([text('a'), text('b')], rows).split('\n')
          expect(lines).toHaveLength(rows.length + 1)
          for (const line of lines) expect(line.split('\t')).toHaveLength(2)
        },
      ),
    )
  })

  it('heads the columns as the page does', () => {
    expect(toTsv([text('a')], [['x']])).toBe('Label of a\nx')
  })
})
