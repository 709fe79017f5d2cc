import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkPort } from './port.mjs'

const HOST = '127.0.0.1'
let dataDir: string
let open: Server[]
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'plumbline-port-'))
  open = []
})
afterEach(() => {
  for (const server of open) server.close()
  rmSync(dataDir, { recursive: true })
})

async function listening(server: Server): Promise<number> {
  open.push(server)
  server.listen(0, HOST)
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

describe('checkPort [start.errors]', () => {
  it('says that the port is taken and names another', async () => {
    const port = await listening(createServer())
    await expect(checkPort(port, HOST, dataDir)).rejects.toThrow(
      `Port ${port} is taken by another program: stop it, or start with PLUMBLINE_PORT=${port + 1}`,
    )
  })

  it('tells our own server from another program', async () => {
    const port = await listening(createHttpServer((_, response) => response.end('{}')))
    const url = `http://${HOST}:${port}`
    writeFileSync(join(dataDir, 'server.json'), JSON.stringify({ url, pid: process.pid }))
    await expect(checkPort(port, HOST, dataDir)).rejects.toThrow(`already runs at ${url}: npx plumbline link`)
  })

  it('does not take the word of a file for a server on another port', async () => {
    const port = await listening(createServer())
    writeFileSync(join(dataDir, 'server.json'), JSON.stringify({ url: `http://${HOST}:1`, pid: 1 }))
    await expect(checkPort(port, HOST, dataDir)).rejects.toThrow('another program')
  })

  it.each([Number.NaN, -1, 65_536, 1.5])('refuses %s', async (port) => {
    await expect(checkPort(port, HOST, dataDir)).rejects.toThrow('PLUMBLINE_PORT is not a port')
  })

  it('lets a free port pass, and any free one', async () => {
    await expect(checkPort(0, HOST, dataDir)).resolves.toBeUndefined()
  })
})
