import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type CsvType, csvToParquet } from '@plumbline/native'

const FOLDER = fileURLToPath(new URL('../mcp-servers/engine/demo/flights', import.meta.url))

/** Rows that nycflights13 has, and types that the texts alone do not tell. */
const TABLES: Record<string, { rows: number; types?: Record<string, CsvType> }> = {
  airlines: { rows: 16 },
  airports: { rows: 1458, types: { tz: 'int' } },
  flights: { rows: 336_776 },
  planes: { rows: 3322 },
  weather: { rows: 26_115 },
}

interface Manifest {
  source: string
  licence: string
  builtAt: string
  tables: { name: string; rows: number; bytes: number; sha256: string }[]
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

/** Makes the shipped Parquet from the CSV files of nycflights13 with the project's own engine. */
async function build(from: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const manifest: Manifest = {
    source: 'nycflights13',
    licence: 'CC0-1.0',
    builtAt: new Date().toISOString(),
    tables: [],
  }
  for (const [name, { rows, types = {} }] of Object.entries(TABLES)) {
    const output = join(FOLDER, `${name}.parquet`)
    const result = await csvToParquet(join(from, `${name}.csv`), output, {
      nullValues: ['NA'],
      types,
      compressionLevel: 19,
    })
    if (result.rows !== rows) throw new Error(`${name}.csv has ${result.rows} rows; nycflights13 has ${rows}.`)
    manifest.tables.push({ name, rows, bytes: result.bytes, sha256: sha256(output) })
    console.log(
      `${name}: ${rows} rows, ${(result.bytes / 1024).toFixed(0)} kB, ${result.columns.map((c) => `${c.name} ${c.type}`).join(', ')}`,
    )
  }
  await writeFile(join(FOLDER, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Compares the shipped files with their manifest. Returns the names that differ. */
async function verify(): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(FOLDER, 'manifest.json'), 'utf8')) as Manifest
  return manifest.tables
    .filter((table) => sha256(join(FOLDER, `${table.name}.parquet`)) !== table.sha256)
    .map((table) => table.name)
}

const { values } = parseArgs({ options: { from: { type: 'string' } } })
try {
  if (values.from !== undefined) await build(values.from)
  const broken = await verify()
  if (broken.length > 0)
    throw new Error(`The demo data is damaged (${broken.join(', ')}). Run: git checkout -- mcp-servers/engine/demo`)
  console.log('Demo data: complete')
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
