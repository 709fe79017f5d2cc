import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
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

/** Words of DuckDB's that only the fence gives: no slip in a statement brings them. */
const FENCED =
  /^(?:Permission Error: (?:Cannot access (?:file|directory) .* - file system operations are disabled by configuration|Loading external extensions is disabled)|Invalid Input Error: Cannot change configuration option .* - the configuration has been locked)/

const failure = (sql: string, on: DuckDBConnection) =>
  on.runAndReadAll(sql).then(
    () => 'it ran',
    (error: Error) => error.message,
  )

// What a read-only mode of DuckDB lets through when nobody fences it; here the guard is left out on purpose.
describe('the engine’s own fence, with no guard before it [guard.fence]', () => {
  it.each([
    ["SELECT * FROM read_csv('/etc/passwd')"],
    ["SELECT * FROM read_text('/etc/passwd')"],
    ["SELECT * FROM read_json('/etc/passwd')"],
    ["SELECT * FROM sniff_csv('/etc/passwd')"],
    ["SELECT * FROM 'FLIGHTS'"],
    ["SELECT * FROM glob('/etc/*')"],
    ["SELECT * FROM read_parquet('FLIGHTS')"],
    ["SELECT * FROM read_blob('FLIGHTS')"],
    ["SELECT * FROM parquet_metadata('FLIGHTS')"],
    ["COPY airlines TO 'OUT/airlines.csv'"],
    ["COPY airlines FROM '/etc/passwd'"],
    ["EXPORT DATABASE 'OUT/all'"],
    ["IMPORT DATABASE 'OUT'"],
    ["ATTACH 'OUT/new.db' AS new"],
    ["ATTACH 'OUT/new.db' AS new; CREATE TABLE new.t AS SELECT 1"],
    ['INSTALL httpfs'],
    ['LOAD httpfs'],
    ["LOAD 'OUT/evil.duckdb_extension'"],
    ['SET enable_external_access = true'],
    ["SET temp_directory = 'OUT'"],
    ['SET lock_configuration = false'],
    ["SET memory_limit = '2GB'"],
    ['RESET enable_external_access'],
    ["PRAGMA enable_profiling; SET profiling_output = 'OUT/profile.json'"],
    ["SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')"],
    ["CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')"],
    ["SET GLOBAL allowed_paths = ['/etc/passwd']"],
    ["SET GLOBAL allowed_directories = ['/etc/']"],
  ])('%s is refused by the fence', async (statement) => {
    const sql = statement.replaceAll('OUT', folder).replace('FLIGHTS', join(demoDataDir, 'flights.parquet'))
    expect(await failure(sql, connection)).toMatch(FENCED)
    expect(await readdir(folder)).toEqual([])
    // A DuckDB without a fence runs it, or fails for what is not there: the words above are the fence's own.
    const open = await (await DuckDBInstance.create(':memory:')).connect()
    try {
      // Loopback only: nothing is downloaded.
      await open.run("SET custom_extension_repository = 'http://127.0.0.1:9'; SET autoinstall_known_extensions = false")
      await open.run('CREATE TABLE airlines (a VARCHAR)')
      expect(await failure(sql, open)).not.toMatch(FENCED)
    } finally {
      open.closeSync()
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
    }
  })

  it('leaves no file behind that the process could not name', () => {
    expect(existsSync(join(process.cwd(), '.tmp'))).toBe(false)
  })
})
