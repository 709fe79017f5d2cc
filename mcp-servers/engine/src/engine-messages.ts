import type { WarehouseTable } from '@plumbline/mcp-kit'
import type { ErrorShape } from '@plumbline/tools/errors'
import type { EngineRows } from './engine.ts'
import type { OpenOptions } from './open-duckdb.ts'

/** To the engine's process. `open` is the first and comes once. */
export type ToEngine =
  | { readonly type: 'open'; readonly options: OpenOptions }
  | { readonly type: 'query'; readonly id: number; readonly sql: string; readonly maxBytes?: number }
  | { readonly type: 'stop'; readonly id: number }

/** From the engine's process. */
export type FromEngine =
  | { readonly type: 'opened'; readonly tables: readonly WarehouseTable[]; readonly loadedAt: string | undefined }
  | { readonly type: 'not-opened'; readonly error: ErrorShape }
  | { readonly type: 'rows'; readonly id: number; readonly result: EngineRows }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorShape }
