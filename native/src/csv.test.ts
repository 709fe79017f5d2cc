import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CsvOptions, csvToParquet, inferCsvSchema } from './index.ts'

let folder: string
let connection: DuckDBConnection

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-csv-'))
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run("SET TimeZone = 'UTC'")
})

afterAll(() => rm(folder, { recursive: true }))

const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()

/** A whole number is a text or a number here, after its width. */
const asText = (table: unknown[][]) => table.map((row) => row.map((value) => (value === null ? null : String(value))))

/** Converts a text and reads it back: types by column, and the rows. */
async function convert(text: string | Uint8Array, options: CsvOptions = {}) {
  const [input, output] = [join(folder, 'in.csv'), join(folder, 'out.parquet')]
  await writeFile(input, text)
  const result = await csvToParquet(input, output, options)
  return {
    ...result,
    types: Object.fromEntries(
      result.columns.map((column) => [column.name, column.type + (column.nullable ? '?' : '')]),
    ),
    read: await rows(`SELECT * FROM '${output}'`),
    input,
    output,
  }
}

async function failure(text: string | Uint8Array, options: CsvOptions = {}) {
  const before = await readdir(folder)
  const error = await convert(text, options).then(
    () => expect.unreachable('it was converted'),
    (cause: { code: string; message: string }) => ({ code: cause.code, message: cause.message }),
  )
  // Neither an output nor a part of one.
  expect((await readdir(folder)).filter((name) => name !== 'in.csv')).toEqual(
    before.filter((name) => name !== 'in.csv'),
  )
  return error
}

describe('csvToParquet', () => {
  it('finds the narrowest type that holds every value [engine.csv]', async () => {
    const { types, read } = await convert(
      'b,i,f,d,t,z,s,code,n\n' +
        'true,1,1.5,2013-01-31,2013-01-01 05:00,2013-01-01T05:00:00Z,x,007,\n' +
        'false,-200,2,2013-02-01,2013-01-02 06:30:15.25,2013-01-01T05:00:00+02:00,y,12,\n',
    )
    expect(types).toEqual({
      b: 'bool',
      i: 'int',
      f: 'float',
      d: 'date',
      t: 'timestamp',
      z: 'timestamp',
      s: 'string',
      code: 'string',
      n: 'string?',
    })
    expect(read).toEqual([
      [true, 1, 1.5, '2013-01-31', '2013-01-01 05:00:00', '2013-01-01 05:00:00+00', 'x', '007', null],
      [false, -200, 2, '2013-02-01', '2013-01-02 06:30:15.25', '2013-01-01 03:00:00+00', 'y', '12', null],
    ])
  })

  it('stores whole numbers as narrow as they are [engine.csv]', async () => {
    const { output } = await convert(
      'a,b,c,d\n127,32767,2147483647,9223372036854775807\n-128,-32768,-2147483648,-9223372036854775808\n',
    )
    const described = await rows(`SELECT column_type FROM (DESCRIBE SELECT * FROM '${output}')`)
    expect(described.flat()).toEqual(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'])
  })

  it('widens when the very last row is of another type [engine.csv]', async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => i)
    for (const [last, type, value] of [
      ['2.5', 'float', 2.5],
      ['x', 'string', 'x'],
      ['99999999999', 'int', '99999999999'],
    ] as const) {
      const { types, output, rows: count } = await convert(`n\n${many.join('\n')}\n${last}\n`)
      expect([types, count]).toEqual([{ n: type }, 200_001])
      expect(await rows(`SELECT n, (SELECT count(*) FROM '${output}') FROM '${output}' LIMIT 1 OFFSET 200000`)).toEqual(
        [[value, '200001']],
      )
    }
  })

  it('keeps what looks like a number and is none, and digits that a double would lose [engine.csv]', async () => {
    const { types, read } = await convert('a,b,c\n01234,9007199254740993,0.1234567890123456789\n5,0.5,1\n')
    expect(types).toEqual({ a: 'string', b: 'string', c: 'string' })
    expect(read).toEqual([
      ['01234', '9007199254740993', '0.1234567890123456789'],
      ['5', '0.5', '1'],
    ])
  })

  it('reads quotes, line ends inside them, CRLF, a BOM and a last line without end like DuckDB does [engine.csv]', async () => {
    const files = [
      'a,b\n"x, y","say ""hi"""\n"two\nlines",plain\n',
      '\uFEFFa,b\r\n1,"x\r\ny"\r\n2,z',
      'a,b\n1,5" pipe\n2,\n',
      'a,b\n\n1,x\n\n\n2,y\n\n',
      'a;b\n1;2,5\n3;4,5\n',
    ]
    for (const text of files) {
      const delimiter = text.includes(';') ? ';' : ','
      const { read, input } = await convert(text, { delimiter })
      expect(asText(read), text).toEqual(
        asText(
          await rows(
            `SELECT * FROM read_csv('${input}', delim = '${delimiter}', header = true, quote = '"', escape = '"')`,
          ),
        ),
      )
    }
  })

  it('takes the given texts for no value, also among numbers [engine.csv]', async () => {
    const { types, read } = await convert('a,b\nNA,x\n3,NA\n-,\n', { nullValues: ['NA', '-'] })
    expect(types).toEqual({ a: 'int?', b: 'string?' })
    expect(read).toEqual([
      [null, 'x'],
      [3, null],
      [null, null],
    ])
  })

  it('keeps a missing value in a file of one column [engine.csv]', async () => {
    expect((await convert('a\n1\n\n3\n')).read).toEqual([[1], [null], [3]])
  })

  it('gives every column a name of its own [engine.csv]', async () => {
    const { types } = await convert('a,A,,a,a_2\n1,2,3,4,5\n')
    expect(Object.keys(types)).toEqual(['a', 'A_2', 'column_3', 'a_3', 'a_2_2'])
  })

  it('makes an empty table of a header alone [engine.csv]', async () => {
    const { rows: count, read, types } = await convert('a,b\n')
    expect([count, read, types]).toEqual([0, [], { a: 'string', b: 'string' }])
  })

  it('takes a type that is given, and says which value does not have it [engine.csv]', async () => {
    expect((await convert('a,b\n1,2013-01-01\n', { types: { a: 'string', b: 'timestamp' } })).read).toEqual([
      ['1', '2013-01-01 00:00:00'],
    ])
    expect(await failure('a\n1\nx\n', { types: { a: 'int' } })).toEqual({
      code: 'FILE_INVALID',
      message: 'Line 3, column `a`: `x` is not of the type asked for.',
    })
  })

  it('loses no value of any table [engine.csv]', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '',
        '"',
        ',',
        '\n',
        '\r\n',
        "'",
        ' ',
        'NULL',
        'true',
        'TRUE',
        '1',
        '-1',
        '0',
        '-0',
        '1.0',
        '1e5',
        '.5',
        '00',
        '1,5',
        '+1',
      ),
      fc.integer().map(String),
      fc.maxSafeInteger().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc
        .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
        .map((day) => day.toISOString().slice(0, 10)),
    )
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), async (cells, end) => {
        const header = cells[0]?.map((_, i) => `c${i}`) ?? []
        const { read, columns } = await convert(
          [header, ...cells].map((row) => row.map(quote).join(',') + end).join(''),
        )
        expect(read).toHaveLength(cells.length)
        for (const [r, row] of cells.entries())
          for (const [c, text] of row.entries()) {
            const value = read[r]?.[c] ?? null
            if (text === '') expect(value).toBeNull()
            else if (columns[c]?.type === 'string' || columns[c]?.type === 'date') expect(value).toBe(text)
            else if (columns[c]?.type === 'bool') expect(String(value)).toBe(text.toLowerCase())
            else expect(Number(value)).toBe(Number(text))
          }
      }),
      { numRuns: 150 },
    )
  })
})

describe('a file that is not what it should be', () => {
  it('is refused with its line [engine.csv]', async () => {
    const cases: [string | Uint8Array, string][] = [
      ['', 'The file is empty.'],
      ['\n\n', 'The file is empty.'],
      ['a,b\n1,2\n3\n', 'Line 3 has 1 fields, the header has 2.'],
      ['a,b\n"x\ny",2\n1,2,3\n', 'Line 4 has 3 fields, the header has 2.'],
      ['a,b\n\n\n1,2,3\n', 'Line 4 has 3 fields, the header has 2.'],
      ['a,b\n1,2\n"open,2\n3,4\n', 'Line 3: a quote is opened and never closed.'],
      [
        'a,b\n1,2\n"x"y,2\n',
        'Line 3: text stands behind the closing quote of a field. A quote inside a field is written twice.',
      ],
      [Uint8Array.of(0x61, 0x0a, 0x31, 0x0a, 0xff, 0x0a), 'Line 3, column `a` is not UTF-8. Save the file as UTF-8.'],
      [Uint8Array.of(0xff, 0xfe, 0x61, 0x00), 'The file is UTF-16. Save it as UTF-8.'],
    ]
    for (const [text, message] of cases) expect(await failure(text), message).toEqual({ code: 'FILE_INVALID', message })
  })

  it('is named when it is not there, and so is a wrong option [engine.csv]', async () => {
    await expect(csvToParquet(join(folder, 'none.csv'), join(folder, 'x'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
    await writeFile(join(folder, 'in.csv'), 'a\n1\n')
    const to = (output: string, options = {}) => csvToParquet(join(folder, 'in.csv'), join(folder, output), options)
    await expect(to('no/folder/x')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: 'The folder of the output does not exist.',
    })
    for (const options of [
      { delimiter: ';;' },
      { delimiter: '"' },
      { types: { a: 'money' } },
      { compression: 'rar' },
      { compressionLevel: 99 },
    ])
      await expect(to('x', options), JSON.stringify(options)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    await expect(to('x', { types: { b: 'int' } })).rejects.toThrow('There is no column `b`')
    await expect(csvToParquet(folder, join(folder, 'x'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

describe('a long conversion', () => {
  const LINE = '2013-01-01T10:00:00Z,UA,1545,227.5,"a, quoted text"\n'
  const big = () => join(folder, 'big.csv')
  beforeAll(() => writeFile(big(), `time,carrier,flight,minutes,note\n${LINE.repeat(400_000)}`))

  it('reports how far it is, and leaves the event loop free [engine.csv]', async () => {
    const seen: number[] = []
    let turns = 0
    const turn = setInterval(() => turns++, 5)
    const { rows: count, bytes } = await csvToParquet(big(), join(folder, 'big.parquet'), {
      onProgress: (done) => seen.push(done),
    })
    clearInterval(turn)
    expect(count).toBe(400_000)
    expect(bytes).toBe((await readFile(join(folder, 'big.parquet'))).length)
    expect(seen.length).toBeGreaterThan(10)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.every((done) => done >= 0 && done <= 1)).toBe(true)
    expect(turns).toBeGreaterThan(2)
    await rm(join(folder, 'big.parquet'))
  })

  it('stops when it is told to, and leaves nothing [engine.csv]', async () => {
    const before = await readdir(folder)
    const controller = new AbortController()
    let last = 0
    const work = csvToParquet(big(), join(folder, 'stopped.parquet'), {
      signal: controller.signal,
      onProgress: (done) => {
        last = done
        if (done > 0.5) controller.abort()
      },
    })
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(last).toBeLessThan(1)
    expect(await readdir(folder)).toEqual(before)
    const late = { signal: AbortSignal.abort() }
    await expect(csvToParquet(big(), join(folder, 'stopped.parquet'), late)).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })

  it('keeps the old output until the new one is whole [engine.csv]', async () => {
    const output = join(folder, 'kept.parquet')
    await writeFile(output, 'old')
    const controller = new AbortController()
    const work = csvToParquet(big(), output, { signal: controller.signal, onProgress: () => controller.abort() })
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await readFile(output, 'utf8')).toBe('old')
    await csvToParquet(big(), output, { compression: 'snappy' })
    expect(await rows(`SELECT count(*), max(minutes), any_value(note) FROM '${output}'`)).toEqual([
      ['400000', 227.5, 'a, quoted text'],
    ])
  })

  it('infers the same columns without writing [engine.csv]', async () => {
    const columns = await inferCsvSchema(big(), { types: { flight: 'string' } })
    expect(columns.map(({ name, type, nullable }) => `${name} ${type} ${nullable}`)).toEqual([
      'time timestamp false',
      'carrier string false',
      'flight string false',
      'minutes float false',
      'note string false',
    ])
  })
})
