import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineServer } from '@plumbline/mcp-kit'
import { loadSemanticModel } from '@plumbline/tools/semantic'
import { EngineConfig } from './config.ts'
import { duckdbWarehouse } from './duckdb-warehouse.ts'

/** An analytic query takes whole cores: more at once only thrash. */
const CONCURRENT_QUERIES = 8

/** The embedded engine: DuckDB over a folder of Parquet files. */
export const engineServer = defineServer({
  name: 'engine',
  title: 'Embedded engine',
  version: '0.1.0',
  dialect: 'duckdb',
  config: EngineConfig,
  limits: ({ maxRows, timeoutMs }) => ({ maxRows, timeoutMs, concurrentQueries: CONCURRENT_QUERIES }),
  connect: async (config) => ({ warehouse: await duckdbWarehouse(config) }),
  loadModel: async ({ dataDir }) => {
    const file = join(dataDir, 'model.yaml')
    return existsSync(file) ? loadSemanticModel(file) : null
  },
})
