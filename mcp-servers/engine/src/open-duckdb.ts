import { readdir } from 'node:fs/promises'
import { basename, join, parse } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError } from '@plumbline/tools/errors'
import { quoteIdentifier, quoteLiteral } from '@plumbline/tools/sql'

export interface OpenOptions {
  /** Folder of `*.parquet`; each becomes a table named as its file. */
  readonly dataDir: string
  readonly memoryLimit: string
  readonly threads: number
}

export interface OpenDuckdb {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
  readonly files: string[]
}

/**
 * An in-memory DuckDB with the folder's tables, fenced: once they are loaded nothing in it can reach a file, the network
 * or an extension, and no statement can open the fence again. The guard stands before it; this holds even without the guard.
 */
export async function openDuckdb(options: OpenOptions): Promise<OpenDuckdb> {
  const names = await readdir(options.dataDir).catch((cause: unknown) => {
    throw new AppError('SOURCE_UNAVAILABLE', 'The engine’s data folder is missing. Run `npm start` to set it up.', {
      cause,
    })
  })
  const files = names.filter((name) => name.endsWith('.parquet')).map((name) => join(options.dataDir, name))
  if (files.length === 0) {
    throw new AppError(
      'SOURCE_UNAVAILABLE',
      'The engine’s data folder has no Parquet files. Run `npm start` to set it up.',
    )
  }
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: options.memoryLimit,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  })
  try {
    const connection = await instance.connect()
    // One after another: each load already uses every thread.
    for (const file of files) await load(connection, file, options.memoryLimit)
    for (const setting of FENCE) await connection.run(`SET ${setting}`)
    return { instance, connection, files }
  } catch (error) {
    instance.closeSync()
    throw error
  }
}

const FENCE = ["TimeZone = 'UTC'", "temp_directory = ''", 'enable_external_access = false', 'lock_configuration = true']

/**
 * A file as a table in memory. Not as a view on the file: the fence would have to leave that path open, and DuckDB opens a
 * path for writing too (`COPY … TO` with USE_TMP_FILE false).
 */
async function load(connection: DuckDBConnection, file: string, memoryLimit: string): Promise<void> {
  const table = quoteIdentifier(parse(file).name, 'duckdb')
  try {
    await connection.run(`CREATE TABLE ${table} AS SELECT * FROM read_parquet(${quoteLiteral(file, 'duckdb')})`)
  } catch (cause) {
    const name = basename(file)
    if (/^Out of Memory Error/i.test(cause instanceof Error ? cause.message : '')) {
      const hint = 'Give the engine a higher memoryLimit or smaller files.'
      throw new AppError('CONFIG_INVALID', `\`${name}\` does not fit into ${memoryLimit} of memory. ${hint}`, { cause })
    }
    throw new AppError(
      'FILE_INVALID',
      `\`${name}\` can not be read as Parquet. Replace it or take it out of the folder.`,
      {
        cause,
      },
    )
  }
}
