import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js'
import { accessOf } from './access.ts'
import type { Caller } from './caller.ts'
import type { Connection } from './connection.ts'
import { callTool, describeTool } from './tool.ts'
import { WAREHOUSE_TOOLS } from './tools/index.ts'

const DESCRIBED = WAREHOUSE_TOOLS.map(describeTool)
const BY_NAME = new Map(WAREHOUSE_TOOLS.map((tool) => [tool.name, tool]))

/** Finds out for whom a call is made, from what its transport can trust. */
export type CallerOf = (meta: Readonly<Record<string, unknown>> | undefined) => Caller

/**
 * One MCP session over a connection; every transport serves this. The low-level server is used because the high-level one
 * turns a failed input check into a bare text and validates each cell of a result again.
 */
export function buildServer(connection: Connection, callerOf: CallerOf): Server {
  const { name, title, version } = connection.definition
  const server = new Server({ name, title, version }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: DESCRIBED }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = BY_NAME.get(params.name)
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name.slice(0, 80)}`)
    return callTool(tool, params.arguments ?? {}, async () => {
      const caller = callerOf(params._meta)
      return { connection, caller, signal, access: await accessOf(connection, caller.principal) }
    })
  })
  return server
}
