import pg from 'pg'
import type { OpenPool } from './embedded.ts'

/** A Postgres server, named by DATABASE_URL. */
export function openServer(databaseUrl: string): OpenPool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'plumbline',
  })
  return { pool, ready: () => {}, close: async () => {} }
}
