import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { root, scratch } from './root.mjs'
import { stopWith } from './stop-with.mjs'

const TAIL = 15

/**
 * Runs a command with its output in a log file. When it fails, the last lines are in the message, after `why`.
 * @param {string} logFolder where the log goes; node_modules may not be there yet
 * @param {[RegExp, string][]} known what the output may say, and what to tell the person then, in one line
 * @param {(line: string) => void} onLine gets each line of the output
 */
export async function runLogged(name, command, args, options) {
  const { env = process.env, cwd = root, why, logFolder = scratch, known = [], onLine = () => {} } = options
  mkdirSync(logFolder, { recursive: true })
  const log = join(logFolder, `${name}.log`)
  const out = openSync(log, 'w')
  try {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let failed = null
    const keep = (chunk) => {
      try {
        writeSync(out, chunk)
      } catch (error) {
        // A full disk: the command is about to notice it as well.
        failed ??= error
      }
      const line = String(chunk).trimEnd().split('\n').at(-1)?.trim()
      if (line) onLine(line)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (failed) throw failed
    if (code === 0) return
  } catch (error) {
    if (error.code === 'ENOENT') stopWith(`The command ${command} is not there: install it and run this again.`)
    throw error
  } finally {
    closeSync(out)
  }
  const text = readFileSync(log, 'utf8')
  if (/ENOSPC|No space left/i.test(text)) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
  for (const [pattern, message] of known) if (pattern.test(text)) stopWith(message)
  stopWith(`${why}\n${text.trimEnd().split('\n').slice(-TAIL).join('\n')}\nThe whole output is in ${log}`)
}
