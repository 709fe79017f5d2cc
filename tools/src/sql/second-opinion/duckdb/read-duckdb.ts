import type { Opinion } from '../opinion.ts'
import { DuckdbParser } from './duckdb-parser.ts'
import { tablesOfDuckdb } from './tables-of-duckdb.ts'

let opened: Promise<DuckdbParser> | undefined

/** What DuckDB itself makes of a text. */
export async function readDuckdb(sql: string): Promise<Opinion> {
  opened ??= DuckdbParser.open()
  return tablesOfDuckdb(JSON.parse(await (await opened).parse(sql)))
}
