import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { CALLER_META, type Caller, ERROR_META } from '@plumbline/mcp-kit'
import { type CatalogSource, QueryResult, type ValueList } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import { SemanticModel } from '@plumbline/tools/semantic'

export interface CallOptions {
  /** Aborting sends MCP's cancellation, which stops the query in the database. */
  readonly signal?: AbortSignal
}

/** The one way an agent reads data: the tools of a source's MCP server, typed, in one caller's name. Throws AppErrors. */
export interface SourceClient {
  readonly name: string
  describe(): Promise<{ source: CatalogSource; model: SemanticModel | null }>
  runQuery(request: { sql: string; maxRows?: number; timeoutMs?: number }, options?: CallOptions): Promise<QueryResult>
  explainQuery(request: { sql: string }, options?: CallOptions): Promise<{ sql: string; plan: string }>
  listValues(request: { table: string; column: string; limit?: number; search?: string }): Promise<ValueList>
}

/** Beyond any query's own timeout, which the server keeps: this only ends a call to a server that has gone silent. */
const SILENT_SERVER_MS = 3_700_000

export function sourceClient(name: string, client: Client, caller: Caller): SourceClient {
  const call = async (tool: string, args: Record<string, unknown>, options: CallOptions = {}): Promise<unknown> => {
    try {
      const request = { signal: options.signal, timeout: SILENT_SERVER_MS }
      const result = await client.callTool(
        { name: tool, arguments: args, _meta: { [CALLER_META]: caller } },
        undefined,
        request as Parameters<Client['callTool']>[2],
      )
      if (!result.isError) return result.structuredContent
      throw toAppError(result._meta?.[ERROR_META])
    } catch (error) {
      if (options.signal?.aborted) throw new AppError('QUERY_CANCELLED', 'Stopped.', { cause: error })
      if (error instanceof AppError) throw error
      throw new AppError('SOURCE_UNAVAILABLE', `The source \`${name}\` does not answer.`, { cause: error })
    }
  }
  return {
    name,
    async describe() {
      const { source, model } = (await call('describe_source', {})) as { source: CatalogSource; model: unknown }
      return { source, model: model === null ? null : SemanticModel.parse(model) }
    },
    // The head is validated; ten thousand rows are not walked cell by cell, the server has typed them.
    async runQuery(request, options) {
      const { rows, ...head } = (await call('run_query', request, options)) as QueryResult
      return { ...QueryHead.parse(head), rows }
    },
    explainQuery: async (request, options) =>
      (await call('explain_query', request, options)) as { sql: string; plan: string },
    listValues: async (request) => (await call('list_values', request)) as ValueList,
  }
}

const QueryHead = QueryResult.omit({ rows: true })
