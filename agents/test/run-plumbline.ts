import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The command itself, for tests that start it in a way of their own. */
export const BIN = fileURLToPath(new URL('../bin/plumbline.mjs', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/**
 * Runs the real command as a process, without a terminal and without anybody's keys.
 * @param place `cwd` is outside of the checkout: the `.env` of whoever runs the tests is not read.
 */
export function runPlumbline(
  args: readonly string[],
  place: { readonly cwd: string; readonly env: Record<string, string>; readonly node?: string },
): Promise<Ended> {
  const child = spawn(place.node ?? process.execPath, [BIN, ...args], {
    cwd: place.cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PLUMBLINE_MODEL: 'none', ...place.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}
