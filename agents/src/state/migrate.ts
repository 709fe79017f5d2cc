import { promises as fs } from 'node:fs'
import path from 'node:path'
import { AppError } from '@plumbline/tools/errors'
import type { Kysely } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import type { Database } from './database.ts'

/** Brings the tables to the newest version: the files of `migrations/` in the order of their names, in one transaction. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const provider = new FileMigrationProvider({
    fs,
    path,
    migrationFolder: path.join(import.meta.dirname, 'migrations'),
  })
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest()
  if (error === undefined) return
  if (isMissingVector(error)) {
    throw new AppError(
      'STATE_UNAVAILABLE',
      'The Postgres server of DATABASE_URL lacks pgvector: install the extension `vector`.',
      {
        cause: error,
      },
    )
  }
  const failed = results?.find((result) => result.status === 'Error')?.migrationName
  if (failed === undefined) throw error
  throw new AppError(
    'STATE_UNAVAILABLE',
    `The database could not be brought up to date (step ${failed}). The log has the details.`,
    {
      cause: error,
    },
  )
}

/** 0A000: the extension's control file is not there; 42501: it is, but this login may not create it. */
function isMissingVector(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return (code === '0A000' || code === '42501') && /extension/.test(message ?? '')
}
