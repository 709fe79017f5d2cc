import { runStdio } from '@plumbline/mcp-kit'
import { engineServer } from './server.ts'

const dataDir = process.env.PLUMBLINE_ENGINE_DATA_DIR
await runStdio(engineServer, dataDir ? { dataDir } : {})
