import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineServer } from '@plumbline/mcp-kit'
import { loadSemanticModel } from '@plumbline/tools/semantic'
import { EngineConfig } from './config.ts'
import { duckdbWarehouse } from './duckdb-warehouse.ts'

/** Threads in which this process waits for DuckDB, for files and for names: libuv's pool. */
const poolSize = Number(process.env.UV_THREADPOOL_SIZE) || 4
/**
 * A running query holds a thread of the pool for as long as it takes. One is left free: else slow queries would also hold up the
 * second parser and the audit log, and with them every other query. More than 8 only thrash: each takes whole cores.
 */
const concurrentQueries = Math.max(1, Math.min(8, poolSize - 1))

/** The embedded engine: DuckDB over a folder of Parquet files. */
export const engineServer = defineServer({
  name: 'engine',
  title: 'Embedded engine',
  version: '0.1.0',
  dialect: 'duckdb',
  config: EngineConfig,
  limits: ({ maxRows, timeoutMs }) => ({ maxRows, timeoutMs, concurrentQueries }),
  connect: async (config) => ({ warehouse: await duckdbWarehouse(config) }),
  loadModel: async ({ dataDir }) => {
    const file = join(dataDir, 'model.yaml')
    return existsSync(file) ? loadSemanticModel(file) : null
  },
})
