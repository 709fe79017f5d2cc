import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError } from '@plumbline/tools/errors'
import { loadTable } from './load-table.ts'

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
    for (const file of files) await loadTable(connection, file, options.memoryLimit)
    for (const setting of FENCE) await connection.run(`SET ${setting}`)
    return { instance, connection, files }
  } catch (error) {
    instance.closeSync()
    throw error
  }
}

const FENCE = ["TimeZone = 'UTC'", "temp_directory = ''", 'enable_external_access = false', 'lock_configuration = true']
