import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, scratch } from './root.mjs'
import { stopWith } from './stop-with.mjs'

const TAIL = 15

/**
 * Runs a command with its output in a log file. When it fails, the last lines are in the message, after `why`.
 * @param {string} logFolder where the log goes; node_modules may not be there yet
 */
export async function runLogged(name, command, args, { env = process.env, cwd = root, why, logFolder = scratch }) {
  mkdirSync(logFolder, { recursive: true })
  const log = join(logFolder, `${name}.log`)
  const out = createWriteStream(log)
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(out, { end: false })
  child.stderr.pipe(out, { end: false })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  await new Promise((resolve) => out.end(resolve))
  if (code === 0) return
  const text = readFileSync(log, 'utf8')
  if (/ENOSPC|No space left/i.test(text)) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
  stopWith(`${why}\n${text.trimEnd().split('\n').slice(-TAIL).join('\n')}\nThe whole output is in ${log}`)
}
