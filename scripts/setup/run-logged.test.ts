import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runLogged } from './run-logged.mjs'
import { explain } from './stop-with.mjs'

let logFolder: string
beforeEach(() => {
  logFolder = mkdtempSync(join(tmpdir(), 'plumbline-log-'))
})
afterEach(() => rmSync(logFolder, { recursive: true }))

/** Runs a script as the command of a step. Returns what the person would read, or null when it went well. */
async function run(script: string, options: { known?: [RegExp, string][]; onLine?: (line: string) => void } = {}) {
  try {
    await runLogged('work', process.execPath, ['-e', script], { why: 'It did not work:', logFolder, ...options })
    return null
  } catch (error) {
    return explain(error)
  }
}

describe('runLogged', () => {
  it('keeps the whole output in the log and tells each last line', async () => {
    const lines: string[] = []
    expect(await run('console.log("one"); console.error("two")', { onLine: (line) => lines.push(line) })).toBeNull()
    expect(lines.sort()).toEqual(['one', 'two'])
    const log = readFileSync(join(logFolder, 'work.log'), 'utf8')
    expect(log.trim().split('\n').sort()).toEqual(['one', 'two'])
  })

  it('shows the last lines of a failure and where the rest is', async () => {
    const text = await run('for (let i = 0; i < 100; i++) console.log("line %d.", i); process.exitCode = 1')
    expect(text).toMatch(/^It did not work:\nline 85\.\n/)
    expect(text).toContain('line 99.')
    expect(text).toContain(join(logFolder, 'work.log'))
  })

  it('says a known failure in one line [start.errors]', async () => {
    const known: [RegExp, string][] = [[/EAI_AGAIN/, 'There is no network: connect and run this again.']]
    expect(await run('console.error("npm error EAI_AGAIN"); process.exit(1)', { known })).toBe(
      'There is no network: connect and run this again.',
    )
  })

  it('says in one line that the disk is full, whoever says it [start.errors]', async () => {
    const text = await run('console.error("error: No space left on device (os error 28)"); process.exit(1)')
    expect(text).toMatch(/^The disk is full: [^\n]*$/)
  })

  it('says in one line that a command is missing [start.errors]', async () => {
    const error = await runLogged('work', 'plumbline-has-no-such-command', [], { why: '', logFolder }).catch(explain)
    expect(error).toBe('The command plumbline-has-no-such-command is not there: install it and run this again.')
  })
})
