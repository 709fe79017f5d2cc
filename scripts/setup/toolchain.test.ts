import { describe, expect, it } from 'vitest'
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

  it('needs no cargo when nothing is to be built', () => {
    const { PATH } = process.env
    process.env.PATH = '/nowhere'
    try {
      expect(() => checkToolchain('20.0.0', false)).not.toThrow()
    } finally {
      process.env.PATH = PATH
    }
  })

  it('says that the disk is full in one line', () => {
    const text = explain(Object.assign(new Error('write'), { code: 'ENOSPC' }))
    expect(text).toMatch(/^The disk is full: free some space/)
    expect(text).not.toContain('\n')
  })
})
