#!/usr/bin/env node
// Runs the command under the Node that comes with the project: TypeScript runs there as it is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const main = new URL('../src/cli/main.ts', import.meta.url)
const node24 = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Compiled code is kept between calls. Not a named import: Node 20 does not have it.
  nodeModule.enableCompileCache(fileURLToPath(new URL('../../node_modules/.plumbline/compile-cache', import.meta.url)))
  await import(main.href)
} else if (existsSync(node24)) {
  const child = spawn(node24, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal's Ctrl-C reaches the child by itself: handed on, it would be the second one, which ends at once.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => atTerminal || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', () => {
    console.error('Plumbline is not set up: run npm start once, or npm ci.')
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
} else {
  console.error('Plumbline is not set up: run npm start once, or npm ci.')
  process.exitCode = 1
}
