import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { checkPort } from './port.mjs'
import { explain } from './stop-with.mjs'
import { checkToolchain } from './toolchain.mjs'

describe('the set-up’s errors [start.errors]', () => {
  it('says that Node is too old and what to install', () => {
    expect(() => checkToolchain('18.19.0')).toThrow(/Node 18\.19\.0 is too old: install Node 20/)
  })

  it('says that cargo is missing and where to get it', () => {
    const { PATH } = process.env
    process.env.PATH = '/nowhere'
    try {
      expect(() => checkToolchain()).toThrow(/Rust toolchain not found: install it from https:\/\/rustup\.rs/)
    } finally {
      process.env.PATH = PATH
    }
  })

  it('says that the port is taken and names another', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    await expect(checkPort(port, '127.0.0.1')).rejects.toThrow(`PLUMBLINE_PORT=${port + 1}`)
    other.close()
  })

  it('says that the disk is full in one line', () => {
    const text = explain(Object.assign(new Error('write'), { code: 'ENOSPC' }))
    expect(text).toMatch(/^The disk is full: free some space/)
    expect(text).not.toContain('\n')
  })
})
