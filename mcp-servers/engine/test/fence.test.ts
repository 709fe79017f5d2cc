import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoDataDir } from '../src/index.ts'
import { type OpenDuckdb, openDuckdb } from '../src/open-duckdb.ts'

let opened: OpenDuckdb
let connection: DuckDBConnection
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-fence-'))
  opened = await openDuckdb({ dataDir: demoDataDir, memoryLimit: '1GB', threads: 2 })
  connection = opened.connection
})
afterAll(async () => {
  connection.closeSync()
  opened.instance.closeSync()
  await rm(folder, { recursive: true, force: true })
})

// What a read-only mode of DuckDB lets through when nobody fences it; here the guard is left out on purpose.
describe('the engine’s own fence, with no guard before it [guard.fence]', () => {
  it.each([
    ["SELECT * FROM read_csv('/etc/passwd')"],
    ["SELECT * FROM read_text('/etc/passwd')"],
    ["SELECT * FROM '/etc/passwd'"],
    ["SELECT * FROM glob('/etc/*')"],
    ["SELECT * FROM read_parquet('FLIGHTS')"],
    ["COPY airlines TO 'OUT/airlines.csv'"],
    ["EXPORT DATABASE 'OUT/all'"],
    ["ATTACH 'OUT/new.db' AS new"],
    ["ATTACH 'OUT/new.db' AS new; CREATE TABLE new.t AS SELECT 1"],
    ['INSTALL httpfs'],
    ['LOAD httpfs'],
    ["LOAD 'OUT/evil.duckdb_extension'"],
    ['SET enable_external_access = true'],
    ["SET temp_directory = 'OUT'"],
    ['SET lock_configuration = false'],
    ['RESET enable_external_access'],
    ["PRAGMA enable_profiling; SET profiling_output = 'OUT/profile.json'"],
    ["SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')"],
    ["SELECT getenv('HOME')"],
    ["CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')"],
    ["SET GLOBAL allowed_paths = ['/etc/passwd']"],
  ])('%s fails', async (statement) => {
    const sql = statement.replaceAll('OUT', folder).replace('FLIGHTS', join(demoDataDir, 'flights.parquet'))
    await expect(connection.runAndReadAll(sql)).rejects.toThrow()
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves no file behind that the process could not name', () => {
    expect(existsSync(join(process.cwd(), '.tmp'))).toBe(false)
  })
})
