import { connect, serveStdio } from '@plumbline/mcp-kit'
import { toAppError } from '@plumbline/tools/errors'
import { engineServer } from './server.ts'

// Over stdio whoever starts the process is the principal; stdout belongs to the protocol.
const dataDir = process.env.PLUMBLINE_ENGINE_DATA_DIR
try {
  const connection = await connect(engineServer, dataDir ? { dataDir } : {})
  await serveStdio(connection, { id: 'stdio', name: 'Local MCP client', roles: ['owner'], attributes: {} })
} catch (error) {
  process.stderr.write(`plumbline engine: ${toAppError(error).message}\n`)
  process.exitCode = 1
}
