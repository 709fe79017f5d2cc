import type { Cell, ChartSpec, Column, QueryResult, Receipt } from '@plumbline/tools/contract'
import type { ErrorShape } from '@plumbline/tools/errors'

/** How an agent ended, before the assistant makes an Answer of it. */
export type Outcome =
  | {
      readonly status: 'answered'
      readonly text: string
      readonly sql: string
      readonly columns: Column[]
      readonly rows: Cell[][]
      readonly chart: ChartSpec | null
      readonly source: Receipt['source']
      readonly origin: Receipt['origin']
      readonly filters: Receipt['filters']
      readonly result: Omit<QueryResult, 'rows' | 'columns'>
      readonly suggestions: string[]
    }
  | { readonly status: 'refused'; readonly text: string; readonly suggestions: string[]; readonly error?: ErrorShape }
  | { readonly status: 'failed'; readonly error: ErrorShape; readonly sql: string | null }
