import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const VERSION = '1.1.0'
type Transport = Parameters<Client['connect']>[0]

export interface Peer {
  readonly version: string
  query(sql: string): Promise<void>
  close(): Promise<void>
}

/**
 * mcp-server-motherduck (PyPI) on a DuckDB file, over stdio; it only reads. It is installed once, into a folder of the user's
 * cache. Returns why when it can not be had.
 */
export async function openMotherduck(file: string): Promise<Peer | string> {
  const folder = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'plumbline',
    `mcp-server-motherduck-${VERSION}`,
  )
  const command = join(folder, 'bin/mcp-server-motherduck')
  if (!existsSync(command)) {
    console.error(`Installing mcp-server-motherduck ${VERSION} into ${folder} …`)
    await mkdir(folder, { recursive: true })
    const steps: [string, string[]][] = [
      ['python3', ['-m', 'venv', folder]],
      [join(folder, 'bin/pip'), ['install', '--quiet', `mcp-server-motherduck==${VERSION}`]],
    ]
    for (const [program, args] of steps) {
      const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 300_000 })
      if (status !== 0) return (error?.message ?? stderr).trim().split('\n').at(-1) ?? 'it can not be installed'
    }
  }
  const client = new Client({ name: 'bench', version: '1' })
  try {
    const transport = new StdioClientTransport({
      command,
      args: ['--db-path', file, '--transport', 'stdio'],
      stderr: 'ignore',
    })
    await client.connect(transport as Transport)
    const { tools } = await client.listTools()
    const tool = tools.find(({ name }) => /query/.test(name))
    const [argument] = tool?.inputSchema.required ?? []
    if (!tool || !argument) return 'it has no tool that runs a query'
    return {
      version: VERSION,
      query: async (sql) => {
        const result = await client.callTool({ name: tool.name, arguments: { [argument]: sql } })
        if (result.isError) throw new Error(JSON.stringify(result.content))
      },
      close: () => client.close(),
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
