import pg from 'pg'
import { postgresWithTls } from '../service-tls.ts'
import type { OpenPool } from './embedded.ts'

/** A Postgres server, named by DATABASE_URL; over a network the connection is encrypted. */
export function openServer(databaseUrl: string): OpenPool {
  const pool = new pg.Pool({
    connectionString: postgresWithTls(databaseUrl),
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'plumbline',
  })
  return { pool, ready: () => {}, close: async () => {} }
}
