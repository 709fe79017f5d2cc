import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { Answer } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { startServer } from '../src/gateway/server.ts'
import { BIN, runPlumbline } from './run-plumbline.ts'

const SERVER = fileURLToPath(new URL('../src/gateway/main.ts', import.meta.url))
let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-cli-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

const plumbline = (args: string[], env: Record<string, string> = {}, node = process.execPath) =>
  runPlumbline(args, { cwd: dataDir, env: { PLUMBLINE_DATA_DIR: dataDir, ...env }, node })

describe('plumbline ask, in its own process [cli.ask]', () => {
  it('prints the contract’s Answer and exits with 0 only when it answered', async () => {
    const answered = await plumbline(['ask', 'How many flights left JFK in July 2013?', '--json'])
    expect([answered.code, answered.err]).toEqual([0, ''])
    const answer = Answer.parse(JSON.parse(answered.out))
    expect(answer).toMatchObject({ status: 'answered', rows: [[10023]] })

    const back = await plumbline(['ask', 'average delay by airline', '--json'])
    expect(back.code).toBe(2)
    const { threadId, clarification } = Answer.parse(JSON.parse(back.out))
    const chosen = await plumbline([
      'ask',
      '--thread',
      threadId,
      '--choice',
      clarification?.choices[0]?.id ?? '',
      '--json',
    ])
    expect(chosen.code).toBe(0)

    expect((await plumbline(['ask', 'average ticket price by airline'])).code).toBe(3)
    expect((await plumbline(['ask'])).code).toBe(3)
  })

  it('prints a readable answer without colour when there is no terminal', async () => {
    const { out } = await plumbline(['ask', 'top 5 destinations from Newark by number of flights'])
    expect(out).toContain('6,100')
    expect(out).toContain('I read this as:')
    expect(out).not.toContain('\u001b[')
  })

  it('fetches a receipt again [answer.receipt-fetch]', async () => {
    const { out } = await plumbline(['ask', 'How many planes are there?', '--json'])
    const receipt = Answer.parse(JSON.parse(out)).receipt
    expect(JSON.parse((await plumbline(['receipt', receipt?.id ?? ''])).out)).toEqual(receipt)
    const unknown = await plumbline(['receipt', 'nothing'])
    expect([unknown.code, unknown.err.trim().split('\n').length]).toEqual([1, 1])
  })

  it('says what it can do, and what was wrong with a command', async () => {
    const { out } = await plumbline(['--help'])
    for (const command of ['ask', 'threads', 'receipt', 'start', 'link', 'mcp', 'doctor'])
      expect(out).toContain(command)
    for (const [args, complaint] of [
      [['bogus'], "unknown command 'bogus'"],
      [['thread'], 'Did you mean threads?'],
      [['ask', '--jsn'], 'Did you mean --json?'],
      [['receipt'], "missing required argument 'id'"],
    ] as const) {
      const wrong = await plumbline([...args])
      expect(wrong.code).toBe(1)
      expect(wrong.err).toContain(complaint)
      expect(wrong.err.trim().split('\n')).toHaveLength(1)
    }
  })
})

describe('the process of the command', () => {
  // npm says which Node it runs on: that of the machine, which may be older than the one of the project.
  const machineNode = process.env.npm_node_execpath ?? process.execPath

  it('runs on the Node of the project when the machine has another, and hands on how it ended', async () => {
    const { code, out, err } = await plumbline(['--version'], {}, machineNode)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await plumbline(['ask', '   ', '--json'], {}, machineNode)).code).toBe(3)
  })

  it('ends without a word when nobody reads its answer any more', async () => {
    const pipe = `"${process.execPath}" "${BIN}" ask "number of flights by airline and month" --json | head -c 10`
    const child = spawn('bash', ['-o', 'pipefail', '-c', pipe], {
      cwd: dataDir,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PLUMBLINE_DATA_DIR: dataDir, PLUMBLINE_MODEL: 'none' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let err = ''
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.stdout.resume()
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
    expect(err).toBe('')
  })
})

describe('plumbline mcp', () => {
  it('serves the guarded data tools to a client over stdio [mcp.server]', async () => {
    const client = new Client({ name: 'cli-test', version: '1' })
    const { PATH = '', HOME = '' } = process.env
    const env = { PATH, HOME, PLUMBLINE_DATA_DIR: dataDir }
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [BIN, 'mcp'], cwd: dataDir, env }))
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('run_query')
    const counted = await client.callTool({
      name: 'run_query',
      arguments: { sql: 'SELECT count(*) AS n FROM flights' },
    })
    expect(counted.structuredContent).toMatchObject({ rows: [[336_776]] })
    await client.close()
  })

  it('prints what a client needs to start it, and says what whole answers need', async () => {
    const { code, out, err } = await plumbline(['mcp', '--print-config'])
    expect(code).toBe(0)
    const { mcpServers } = JSON.parse(out) as { mcpServers: Record<string, { command: string; args: string[] }> }
    expect(err).toContain('npm start')
    const { command = '', args = [] } = mcpServers.flights ?? {}
    const client = new Client({ name: 'cli-test', version: '1' })
    // A client starts it wherever it likes, and hands on no PATH of a shell.
    await client.connect(new StdioClientTransport({ command, args, cwd: tmpdir(), env: {} }))
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('list_tables')
    await client.close()
  })
})

describe('the process of the server', () => {
  /** Starts it as npm start does, and waits for the link. */
  async function serve() {
    const child = spawn(process.execPath, [SERVER], {
      cwd: dataDir,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PLUMBLINE_DATA_DIR: dataDir,
        PLUMBLINE_MODEL: 'none',
        PLUMBLINE_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    let out = ''
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk) => {
        out += chunk
        if (/token=\S+\n/.test(out)) resolve()
      })
      child.once('exit', () => reject(new Error(`ended before it listened: ${out}`)))
    })
    return { child, ended }
  }

  it('stops with 0 on Ctrl-C and gives the data directory back', async () => {
    const first = await serve()
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    const second = await serve()
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
  })

  it('stops when what started it is gone', async () => {
    const { child, ended } = await serve()
    child.disconnect()
    expect(await ended).toBe(0)
  })
})

describe('plumbline beside a running server', () => {
  it('asks through it, lists its threads and makes links to it [cli.ask]', async () => {
    const config = loadConfig({
      PLUMBLINE_DATA_DIR: dataDir,
      PLUMBLINE_PORT: '0',
      PLUMBLINE_MODEL: 'none',
      PLUMBLINE_LOG_LEVEL: 'silent',
    })
    const server = await startServer(config)
    try {
      const asked = await plumbline(['ask', 'How many airlines are there?', '--json'])
      expect(asked.code, asked.err).toBe(0)
      const { threadId } = Answer.parse(JSON.parse(asked.out))
      expect((await plumbline(['threads'])).out).toContain(threadId)
      const link = (await plumbline(['link'])).out.trim()
      expect(link).toMatch(new RegExp(`^${server.url}/\\?token=`))
      const opened = await fetch(link, { redirect: 'manual' })
      expect(opened.status).toBeGreaterThanOrEqual(302)
      expect(opened.headers.get('set-cookie')).toContain('HttpOnly')
      // The server has another port than the one that is asked for, which is free.
      const examined = JSON.parse((await plumbline(['doctor', '--json'], { PLUMBLINE_PORT: '0' })).out)
      expect(examined).toContainEqual({ title: 'Port', status: 'ok', detail: '0 is free' })
      // A second process may not open the same directory beside the server.
      const second = await plumbline(['start'], { PLUMBLINE_PORT: '0' })
      expect(second.code).toBe(1)
      expect(second.err).toMatch(/process \d+/)
      expect(second.err.trim().split('\n')).toHaveLength(1)
    } finally {
      await server.close()
    }
  })

  it('says in one line that the port is taken [start.errors]', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const { code, err } = await plumbline(['start'], { PLUMBLINE_PORT: String(port) })
    other.close()
    expect(code).toBe(1)
    expect(err.trim()).toMatch(new RegExp(`^Port ${port} is taken.*PLUMBLINE_PORT`))
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})

describe('plumbline doctor [cli.doctor]', () => {
  it('finds a sound installation sound', async () => {
    const { code, out, err } = await plumbline(['doctor', '--json'], { PLUMBLINE_PORT: '0' })
    const findings = JSON.parse(out) as { title: string; status: string }[]
    expect(
      findings.filter(({ status }) => status === 'bad'),
      err,
    ).toEqual([])
    expect(code).toBe(0)
    expect(findings.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Engine', 'Data', 'State', 'Port', 'Disk']),
    )
  })

  it('says what to mend when the port is taken and the database does not answer', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const { code, out } = await plumbline(['doctor'], {
      PLUMBLINE_PORT: String(port),
      DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none',
    })
    other.close()
    expect(code).toBe(1)
    expect(out).toMatch(/✗ Port .*\n.*→ .*PLUMBLINE_PORT/)
    expect(out).toContain('✗ State')
    expect(out).not.toContain('secret')
  })

  it('names a variable that is not valid', async () => {
    const { code, err } = await plumbline(['doctor'], { PLUMBLINE_PORT: 'many' })
    expect(code).toBe(1)
    expect(err).toContain('PLUMBLINE_PORT')
  })
})
