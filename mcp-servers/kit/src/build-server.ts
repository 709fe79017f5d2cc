import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js'
import type { Principal } from '@plumbline/tools/contract'
import type { Connection } from './connection.ts'
import { callTool, describeTool } from './tool.ts'
import { WAREHOUSE_TOOLS } from './tools/index.ts'

const DESCRIBED = WAREHOUSE_TOOLS.map(describeTool)
const BY_NAME = new Map(WAREHOUSE_TOOLS.map((tool) => [tool.name, tool]))

/**
 * One MCP session over a connection; every transport serves this. The low-level server is used because the high-level one
 * turns a failed input check into a bare text and validates each cell of a result again.
 */
export function buildServer(connection: Connection, principal: Principal): Server {
  const { name, title, version } = connection.definition
  const server = new Server({ name, title, version }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: DESCRIBED }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = BY_NAME.get(params.name)
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name.slice(0, 80)}`)
    return callTool(tool, params.arguments ?? {}, { connection, principal, signal })
  })
  return server
}
